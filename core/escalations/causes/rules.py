"""Which causes count at a client, as its leads set them."""

from dataclasses import asdict, fields
from typing import Any, get_args

from babel.numbers import is_currency

from core.audit.record import Subject, record
from core.errors import Invalid
from core.escalations.causes.cause import CauseRules, When
from core.escalations.commands import SetCauseRules
from core.escalations.events import CauseRulesSet
from core.people.queries import get_unit
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork

MOST = {"high_value": 10**12, "contacts": 50, "contact_days": 90}
LISTS = ("premium_tiers", "competitors")
LONGEST = 60


def cause_rules(reader: Reader, client_id: int) -> CauseRules:
    return reader.derive(_cause_rules, client_id)


def _cause_rules(reader: Reader, client_id: int) -> CauseRules:
    kept: dict[str, Any] = find_kept(reader, f"cause_rules:{client_id}") or {}
    return CauseRules(**kept | {name: tuple(kept[name]) for name in LISTS if name in kept})


def set_cause_rules(command: SetCauseRules, uow: UnitOfWork) -> CauseRules:
    client = get_unit(uow, command.client_id)
    given = {one.name: value for one in fields(CauseRules) if (value := getattr(command, one.name)) is not None}
    for name, value in given.items():
        given[name] = _checked(name, value)
    rules = CauseRules(**asdict(cause_rules(uow, client.id)) | given)
    keep(uow, f"cause_rules:{client.id}", asdict(rules))
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), CauseRulesSet(asdict(rules)))
    return rules


def _checked(name: str, value: Any) -> Any:
    """Raises Invalid."""
    field = name.split("_", maxsplit=1)[0] + "".join(word.title() for word in name.split("_")[1:])
    if name in LISTS:
        words = tuple(dict.fromkeys(word.strip() for word in value if word.strip()))
        if any(len(word) > LONGEST for word in words) or len(words) > LONGEST:
            raise Invalid(f"At most {LONGEST} names of {LONGEST} letters each.", field=field)
        return tuple(word.lower() for word in words) if name == "premium_tiers" else words
    if name == "high_values":
        return {_currency(code): _checked("high_value", one) for code, one in value.items()}
    if name in MOST:
        if not 0 <= value <= MOST[name]:
            raise Invalid(f"{value} is not between 0 and {MOST[name]}.", field=field)
        return value
    if isinstance(value, bool):
        return value
    if value not in get_args(When):
        raise Invalid(f"“{value}” is not one of {', '.join(get_args(When))}.", field=field)
    return value


def _currency(code: str) -> str:
    if not is_currency(code.strip().upper()):
        raise Invalid(f"“{code}” is no currency: use its three letters, as EUR.", field="highValues")
    return code.strip().upper()
