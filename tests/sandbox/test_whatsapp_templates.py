import pytest

from tests.sandbox.cloud_api import Send, error_of, value_of
from tests.sandbox.serving import Control, Program

TEMPLATE = {
    "category": "UTILITY",
    "body": "Hello {{1}}, {{2}} is overdue.",
    "footer": "Fresco",
    "quick_replies": ["Done", "Promise"],
}


def test_a_template_goes_out_at_any_time_and_its_button_comes_back(
    control: Control, receiver: Program, send: Send
) -> None:
    control.put("/templates/overdue/en", TEMPLATE)
    parameters = [{"type": "text", "text": "Ana"}, {"type": "text", "text": "Hygiene"}]
    payload = {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": "done:7"}],
    }
    components = [{"type": "body", "parameters": parameters}, payload]
    sent = send("template", {"name": "overdue", "language": {"code": "en"}, "components": components})
    assert sent.json()["messages"][0]["message_status"] == "accepted"
    (seen,) = control.messages("ana", "whatsapp")
    assert (seen["text"], seen["template"]) == ("Hello Ana, Hygiene is overdue.\nFresco", "overdue")
    assert [(button["label"], button["data"]) for button in seen["buttons"]] == [
        ("Done", "done:7"),
        ("Promise", "Promise"),
    ]
    receiver.wait_for(2)
    control.act("ana", "whatsapp", "press", label="done")
    pressed = value_of(receiver.wait_for(3)[-1])["messages"][0]
    assert (pressed["type"], pressed["button"]) == ("button", {"payload": "done:7", "text": "Done"})
    assert pressed["context"] == {"from": "15550100200", "id": seen["id"]}


@pytest.mark.parametrize(
    ("name", "texts", "code", "status"),
    [
        ("missing", ["a", "b"], 132001, 404),
        ("overdue", ["a"], 132000, 400),
        ("overdue", ["a", "b\nc"], 132018, 400),
        ("overdue", ["a", "b     c"], 132018, 400),
        ("overdue", ["a", "x" * 1020], 132005, 400),
        ("overdue", ["a", ""], 132012, 400),
        ("paused", ["a", "b"], 132015, 400),
    ],
)
def test_template_refusals(control: Control, send: Send, name: str, texts: list[str], code: int, status: int) -> None:
    control.put("/templates/overdue/en", TEMPLATE)
    control.put("/templates/paused/en", {**TEMPLATE, "status": "PAUSED"})
    body = {"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}
    refused = send("template", {"name": name, "language": {"code": "en"}, "components": [body]})
    assert (refused.status_code, error_of(refused)["code"]) == (status, code)


def test_templates_are_reviewed_listed_and_removed(control: Control) -> None:
    control.put("/templates/overdue/en", TEMPLATE)
    control.put("/templates/Bad-Name/en", TEMPLATE, expect=400)
    control.put("/templates/gap/en", {**TEMPLATE, "body": "{{1}} {{3}}"}, expect=400)
    assert [template["name"] for template in control.get("/templates")["templates"]] == ["overdue"]
    control.delete("/templates/overdue/en")
    assert control.get("/templates")["templates"] == []
