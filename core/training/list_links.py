"""A link to the list as a file: for whoever asked for it in the chat, where nobody signs in; it ends by itself."""

from datetime import datetime, timedelta

from core.people.secrets import find_owner, keep, new_login
from core.rule import Rule
from core.statements import Reader
from core.training.commands import CreateListLink
from core.unit_of_work import UnitOfWork

KIND = "list"
LASTS = timedelta(hours=1)


def create_link(command: CreateListLink, uow: UnitOfWork) -> str:
    """The secret part of the address."""
    secret = new_login()
    keep(uow, KIND, secret, person_id=command.person_id, lasts=LASTS)
    return secret


def find_reader_of_list(reader: Reader, secret: str, now: datetime) -> int | None:
    return find_owner(reader, KIND, secret, now)


RULES = {CreateListLink: Rule(create_link, "people.prove", lambda _command, _: None)}
