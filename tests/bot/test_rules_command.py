"""Routing rules on the command line: out, edited, tried, in."""

import json
from pathlib import Path

from tests.bot.test_commandline import Run, run

__all__ = ["run"]


def test_rules_go_out_are_edited_tried_and_come_back(run: Run, tmp_path: Path) -> None:
    run("migrate")
    units = tmp_path / "units.csv"
    units.write_text("code,name,kind,time_zone,country\nACME,Acme,client,Europe/Madrid,ES\n")
    assert run("import", "units", str(units)).exit_code == 0
    assert "Site down" in run("rules", "list").stdout
    exported = json.loads(run("rules", "export").stdout)
    edited = [exported[1] | {"priority": "P0"}, {"name": "Rest", "conditions": {"triggers": [{"type": "always"}]}}]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(edited))
    assert "0 of 0 cases would go elsewhere" in run("rules", "dry-run", str(file)).stdout
    assert "2 rules count from now on (version 1)" in run("rules", "import", str(file)).stdout
    listed = json.loads(run("rules", "list", "--json").stdout)
    assert [(one["name"], one["priority"]) for one in listed] == [("Legal", "P0"), ("Rest", None)]
    file.write_text('[{"name": "x", "action": {"team": "kitchen"}, "conditions": {"triggers": [{"type": "always"}]}}]')
    wrong = run("rules", "import", str(file))
    assert (wrong.exit_code, "is no team" in wrong.output) == (1, True)
    file.write_text("nonsense")
    assert "is no list of rules" in run("rules", "import", str(file)).output
