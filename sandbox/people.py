"""People of the sandbox and their addresses on the three platforms."""

import zlib
from dataclasses import asdict, dataclass, fields
from typing import Any

FIRST_TELEGRAM_ID = 100_000_000


@dataclass
class Person:
    key: str
    name: str
    telegram_id: int
    slack_id: str
    whatsapp_id: str
    bsuid: str
    kind: str = "staff"
    role: str | None = None
    unit: str | None = None
    language: str = "en"
    email: str | None = None
    username: str | None = None
    time_zone: str | None = None
    started: bool = True
    whatsapp_on: bool = True
    blocked_telegram: bool = False
    deactivated: bool = False
    bsuid_only: bool = False
    avatar: str | None = None

    def view(self) -> dict[str, Any]:
        return asdict(self)


class BadPerson(ValueError):
    """Says what is wrong with the posted person."""


class People:
    def __init__(self) -> None:
        self.by_key: dict[str, Person] = {}
        self._by_address: dict[tuple[str, str], Person] = {}

    def put(self, key: str, given: dict[str, Any]) -> Person:
        """Makes or changes a person; fields that are not given keep their value or get a stable made-up one."""
        known = self.by_key.get(key)
        values = {**(known.view() if known else _made_up(key)), **_cleaned(given), "key": key}
        person = Person(**values)
        for address in _addresses(person):
            if (holder := self._by_address.get(address)) and holder.key != key:
                raise BadPerson(f"{address[0]} {address[1]} already belongs to {holder.key}")
        for address in _addresses(known) if known else []:
            del self._by_address[address]
        self.by_key[key] = person
        for address in _addresses(person):
            self._by_address[address] = person
        return person

    def remove(self, key: str) -> bool:
        person = self.by_key.pop(key, None)
        if person is None:
            return False
        for address in _addresses(person):
            self._by_address.pop(address, None)
        return True

    def at(self, platform: str, address: object) -> Person | None:
        return self._by_address.get((platform, str(address)))


def _addresses(person: Person) -> list[tuple[str, str]]:
    return [
        ("telegram", str(person.telegram_id)),
        ("slack", person.slack_id),
        ("whatsapp", person.whatsapp_id),
        ("whatsapp", person.bsuid),
    ]


def _made_up(key: str) -> dict[str, Any]:
    number = zlib.crc32(key.encode()) % 800_000_000
    return {
        "key": key,
        "name": key,
        "telegram_id": FIRST_TELEGRAM_ID + number,
        "slack_id": f"U{number:09d}",
        "whatsapp_id": f"99{number:09d}",
        "bsuid": f"ZZ.{number:015d}",
    }


_FIELDS = {field.name for field in fields(Person)}


def _cleaned(given: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in given.items() if value is not None or name in ("role", "unit", "email")}
    if unknown := values.keys() - _FIELDS:
        raise BadPerson(f"unknown fields: {', '.join(sorted(unknown))}")
    if "telegram_id" in values:
        values["telegram_id"] = int(values["telegram_id"])
    if "whatsapp_id" in values:
        values["whatsapp_id"] = "".join(filter(str.isdigit, str(values["whatsapp_id"])))
    return values
