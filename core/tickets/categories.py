"""Editing what can break: categories and subcategories with their targets, words and needed skill."""

import re
import unicodedata
from typing import Any

from core.audit.record import Subject, record
from core.errors import Conflict, Invalid
from core.people.queries import get_unit
from core.tickets import defaults, events, writes
from core.tickets.commands import AddCategory, AddSubcategory, ChangeSubcategory, RenameCategory, SeedCategories, Terms
from core.tickets.policy import PRIORITIES
from core.tickets.rows import Category, Subcategory
from core.tickets.subcategories import find_category, get_category, get_subcategory
from core.unit_of_work import UnitOfWork

LONGEST = 366 * 24 * 60
NEW = {"usual_priority": 2, "skill": "", "words": [], "retired": False}


def add_category(command: AddCategory, uow: UnitOfWork) -> Category:
    code = _code(command.code or command.name)
    name = _name(command.name)
    if uow.first(writes.NEW_CATEGORY, client_id=command.client_id, code=code, name=name) is None:
        raise Conflict(f"There is a category “{code}” already.", field="code")
    record(uow, _client(uow, command.client_id), events.CategoryAdded(code))
    category = find_category(uow, command.client_id, code)
    assert category is not None
    return category


def rename_category(command: RenameCategory, uow: UnitOfWork) -> Category:
    category = get_category(uow, command.category_id)
    name = _name(command.name)
    if name != category.name:
        uow.run(writes.RENAME_CATEGORY, id_=category.id, name=name)
        record(uow, _client(uow, category.client_id), events.CategoryRenamed(category.code, name))
    return get_category(uow, category.id)


def add_subcategory(command: AddSubcategory, uow: UnitOfWork) -> Subcategory:
    category = get_category(uow, command.category_id)
    terms = command.terms
    code = _code(command.code or terms.name or "")
    values = {
        "name": _name(terms.name or ""),
        "response_minutes": _minutes(terms.response, defaults.RESPONSE_MINUTES, "slaResponse"),
        "resolution_minutes": _minutes(terms.resolution, defaults.RESOLUTION_MINUTES, "slaResolution"),
        **NEW,
        **_said(terms),
    }
    _check_order(values["response_minutes"], values["resolution_minutes"])
    where = {"client_id": category.client_id, "category_id": category.id, "code": code}
    added = uow.first(writes.NEW_SUBCATEGORY, **where, **values)
    if added is None:
        raise Conflict(f"There is a subcategory “{code}” already.", field="code")
    record(uow, _client(uow, category.client_id), events.SubcategoryAdded(code))
    return get_subcategory(uow, added.id)


def change_subcategory(command: ChangeSubcategory, uow: UnitOfWork) -> Subcategory:
    before = get_subcategory(uow, command.subcategory_id)
    terms = command.terms
    wanted = {
        "name": before.name if terms.name is None else _name(terms.name),
        "response_minutes": _minutes(terms.response, before.response_minutes, "slaResponse"),
        "resolution_minutes": _minutes(terms.resolution, before.resolution_minutes, "slaResolution"),
        **{name: getattr(before, name) for name in NEW},
        **_said(terms),
    }
    _check_order(wanted["response_minutes"], wanted["resolution_minutes"])
    changes = {name: value for name, value in wanted.items() if getattr(before, name) != value}
    if changes:
        uow.run(writes.CHANGE_SUBCATEGORY, id_=before.id, **wanted)
        record(uow, _client(uow, before.client_id), events.SubcategoryChanged(before.code, changes))
    return get_subcategory(uow, before.id)


def seed_categories(command: SeedCategories, uow: UnitOfWork) -> int:
    """Returns how many subcategories were added."""
    client_id = command.client_id
    code, name = defaults.CATEGORY
    uow.first(writes.NEW_CATEGORY, client_id=client_id, code=code, name=name)
    category = find_category(uow, client_id, code)
    assert category is not None
    targets = {"response_minutes": defaults.RESPONSE_MINUTES, "resolution_minutes": defaults.RESOLUTION_MINUTES}
    rows = [
        uow.first(
            writes.NEW_SUBCATEGORY,
            client_id=client_id,
            category_id=category.id,
            code=one.code,
            name=one.name,
            usual_priority=one.usual_priority,
            skill=one.skill,
            words=one.words.split(", "),
            retired=False,
            **targets,
        )
        for one in defaults.SUBCATEGORIES
    ]
    added = sum(row is not None for row in rows)
    if added:
        record(uow, _client(uow, client_id), events.CategoriesSeeded(added))
    return added


def _said(terms: Terms) -> dict[str, Any]:
    if terms.usual_priority is not None and terms.usual_priority not in range(len(PRIORITIES)):
        raise Invalid("The priority is critical, high, normal or low.", field="usualPriority")
    given = {
        "usual_priority": terms.usual_priority,
        "skill": None if terms.skill is None else terms.skill.strip().lower(),
        "words": None if terms.words is None else _words(terms.words),
        "retired": terms.retired,
    }
    return {name: value for name, value in given.items() if value is not None}


def _words(words: tuple[str, ...]) -> list[str]:
    plain = (" ".join(phrase.casefold().split()) for phrase in words)
    return list(dict.fromkeys(phrase for phrase in plain if phrase))


def _minutes(given: tuple[int | None, ...], otherwise: tuple[int, ...] | list[int], field: str) -> list[int]:
    minutes = [old if new is None else new for new, old in zip(given, otherwise, strict=True)]
    for priority, value in zip(PRIORITIES, minutes, strict=True):
        if not 0 < value <= LONGEST:
            raise Invalid("A target lies between one minute and a year.", field=f"{field}{priority.capitalize()}")
    return minutes


def _check_order(response: list[int], resolution: list[int]) -> None:
    for priority, answer, repair in zip(PRIORITIES, response, resolution, strict=True):
        if repair < answer:
            raise Invalid(
                f"{priority}: the repair ({repair} min) cannot be due before the answer ({answer} min).",
                field=f"slaResolution{priority.capitalize()}",
            )


def _name(text: str) -> str:
    if not text.strip():
        raise Invalid("It needs a name.", field="name")
    return text.strip()


def _code(text: str) -> str:
    """'Cámara fría' -> 'camara-fria'."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not code:
        raise Invalid("It needs a code of letters and digits.", field="code")
    return code


def _client(uow: UnitOfWork, client_id: int) -> Subject:
    client = get_unit(uow, client_id)
    return Subject("unit", client.id, client.code, client.id, client.id)
