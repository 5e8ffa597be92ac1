"""The same company as the stand-ins of the platforms need it: who has which account, and who is in which group."""

from typing import Any

from bot.importing import read_rows
from bot.sample import FOLDER
from core.conversations.imports import CustomerRow
from core.people.rows import PersonRow, UnitRow

ROLES_ON_BOARD = ("agent", "team_lead", "owner", "dispatcher")


def people_for_sandbox() -> list[dict[str, Any]]:
    """Staff and customers, each with `key` (the imported code), `kind` and the accounts they have."""
    first: dict[str, PersonRow] = {}
    for row in _people():
        first.setdefault(row.code, row)  # the further rows of a person only add positions
    staff = [_staff(row) for row in first.values()]
    customers = read_rows(FOLDER / "customers.csv", CustomerRow)
    return [*staff, *(_customer(row) for row in customers if row.phone or row.telegram_id)]


def rooms_for_sandbox() -> list[dict[str, Any]]:
    """The group chats that are boards, with `id`, `platform`, `name` and the keys of their members."""
    return [_room(unit) for unit in _units() if unit.board]


def _units() -> tuple[UnitRow, ...]:
    return read_rows(FOLDER / "units.csv", UnitRow)


def _people() -> tuple[PersonRow, ...]:
    return read_rows(FOLDER / "people.csv", PersonRow)


def _staff(row: PersonRow) -> dict[str, Any]:
    person = {"key": row.code, "kind": "staff", "name": row.name, "role": row.role, "unit": row.unit_code}
    return person | {"language": row.language or "en"} | _accounts(row.telegram_id, row.slack_id, row.whatsapp_id)


def _customer(row: CustomerRow) -> dict[str, Any]:
    """Codes repeat between clients, so the client's code stands before them."""
    person = {"key": f"{row.client_code}-{row.code}", "kind": "customer", "name": row.name, "role": "customer"}
    return person | {"unit": row.client_code} | _accounts(row.telegram_id, "", row.phone.removeprefix("+"))


def _accounts(telegram: str, slack: str, whatsapp: str) -> dict[str, str]:
    ids = {"telegram_id": telegram, "slack_id": slack, "whatsapp_id": whatsapp}
    return {name: value for name, value in ids.items() if value}


def _room(unit: UnitRow) -> dict[str, Any]:
    platform, _, chat = unit.board.partition(":")
    ours = [row for row in _people() if row.role in ROLES_ON_BOARD and unit.code in _chain(row.unit_code)]
    members = [row.code for row in ours if getattr(row, f"{platform}_id")]
    return {"id": chat, "platform": platform, "name": f"{unit.name} support", "members": members}


def _chain(code: str) -> list[str]:
    """The unit and all above it."""
    parents = {unit.code: unit.parent_code for unit in _units()}
    chain = [code]
    while parents[chain[-1]]:
        chain.append(parents[chain[-1]])
    return chain
