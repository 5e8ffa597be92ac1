"""Files to begin with, one for each kind of import: with the codes of the sample company, and days that fit today."""

from collections.abc import Sequence
from datetime import date, timedelta

DAY = timedelta(days=1)


def example(what: str, columns: Sequence[str], today: date) -> str:
    """CSV with a header; for what has no example, its `columns` alone."""
    return "\n".join(",".join(cells) for cells in _rows(today).get(what, [columns])) + "\n"


def _rows(today: date) -> dict[str, Sequence[Sequence[str]]]:
    def on(days: int) -> str:
        return (today + days * DAY).isoformat()

    return {
        "units": [
            ["code", "name", "kind", "parent_code", "time_zone", "country"],
            ["ACME", "Acme Stores", "client", "", "Europe/Madrid", "ES"],
            ["NORTH", "North", "cluster", "ACME", "", ""],
            ["N-01", "Bilbao", "branch", "NORTH", "", ""],
        ],
        "people": [
            ["code", "name", "role", "unit_code", "language", "whatsapp_id", "telegram_id", "slack_id"],
            ["SM-1", "Ana Ruiz", "store_manager", "N-01", "es", "34600111222", "", ""],
            ["CM-1", "Jon Elorza", "cluster_manager", "NORTH", "es", "34600111333", "", ""],
            ["HR-1", "Eva Sanz", "hr_manager", "ACME", "en", "", "", "U0EVA"],
        ],
        "courses": [["code", "name"], ["FS-101", "Food safety basics"], ["FE-130", "Fire and evacuation"]],
        "assignments": [
            ["employee_code", "employee_name", "unit_code", "course_code", "due_on", "completed_on"],
            ["E-1001", "Lena Hofmann", "BR-07", "FS-101", on(-1), ""],
            ["E-1002", "Paul Meier", "BR-07", "FE-130", on(-4), ""],
            ["E-1003", "Nora Lang", "BR-08", "FS-101", on(-15), ""],
            ["E-1004", "Tim Falk", "BR-08", "FE-130", on(-2), on(-3)],
            ["E-1005", "Ida Roth", "BR-08", "FS-101", on(9), ""],
        ],
        "leave": [["code", "from_on", "until_on"], ["E-1001", on(0), on(6)], ["SM-07", on(3), on(17)]],
        "customers": [
            ["client_code", "code", "name", "phone", "tier"],
            ["FROST", "C-9001", "Doris Day", "+447700900801", "premium"],
        ],
        "parts": [["code", "name", "unit_cost"], ["FAN-1", "Fan motor", "89.50"]],
    }
