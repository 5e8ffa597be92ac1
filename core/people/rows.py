"""Rows of the import files, as text: the columns are the fields, and a field with a default may be missing in the file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`board`: 'slack:C0123' or 'telegram:-100123'. `hours`: 'Mon-Fri 08:00-18:00', `holidays`: 'DE-BY'. Empty: parent_code the
    only client, time zone and country the parent's, hours and holidays as they were."""

    line: int
    code: str
    name: str
    kind: str
    parent_code: str = ""
    time_zone: str = ""
    country: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    latitude: str = ""
    longitude: str = ""
    board: str = ""
    hours: str = ""
    holidays: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Several rows with one code are one person with several positions; `skills` are separated by commas. `quiet_from`,
    `quiet_until`: 22:00 and 07:00 on the person's clock; both or none. `hours`, `holidays`: as in UnitRow. `territory`,
    `starts_on`, `ends_on` (the last day) belong to the position; empty ones stay as they are."""

    line: int
    code: str
    name: str
    role: str
    unit_code: str
    phone: str = ""
    email: str = ""
    rank: str = ""
    skills: str = ""
    status: str = ""
    language: str = ""
    time_zone: str = ""
    team: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    hours: str = ""
    holidays: str = ""
    telegram_id: str = ""
    slack_id: str = ""
    whatsapp_id: str = ""
    territory: str = ""
    starts_on: str = ""
    ends_on: str = ""
