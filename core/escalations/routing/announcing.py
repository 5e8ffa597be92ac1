"""Putting the card before those it is for: as usual on the team's board, or on the channels that a rule names. A copy that stands
somewhere changes by itself, so that none is put there a second time."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select

from core.escalations.queries import subject_of
from core.escalations.routing.people import list_agents, today_at
from core.escalations.tables import Escalation
from core.escalations.telling import card_of
from core.outbox.cards import places_of
from core.outbox.choosing import list_ways
from core.outbox.notify import Chat, chat_of, tell_chat
from core.people.contacts import CHANNEL_NAMES
from core.people.queries import ancestors, get_unit, list_holders
from core.people.tables import Person, boards
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_CHAIN = ancestors(bindparam("unit_id")).subquery()
BOARDS_OF = Statement(
    select(boards.c.channel, boards.c.account, boards.c.chat)
    .join(_CHAIN, boards.c.unit_id == _CHAIN.c.id)
    .where(or_(boards.c.team == bindparam("team"), boards.c.team == ""))
    .order_by(_CHAIN.c.distance, boards.c.team.desc())
)
Readers = list[tuple[Chat, int | None]]
"""Chats, with whose they are; None: a board."""


def announce(uow: UnitOfWork, escalation: Escalation, channels: Sequence[str] = ()) -> list[str]:
    """As usual where no channel is named, and where none of them leads to anybody. What could not be done, in sentences."""
    missed = [
        CHANNEL_NAMES[channel] for channel in channels if not _show(uow, escalation, _readers(uow, escalation, channel))
    ]
    if len(missed) < len(channels):
        return [f"Nobody could be told on {name}." for name in missed]
    _show(uow, escalation, _readers(uow, escalation) or _leads(uow, escalation))
    return [f"Nobody could be told on {' or '.join(missed)}: announced as usual."] if missed else []


def show_to(uow: UnitOfWork, escalation: Escalation, person: Person) -> None:
    _show(uow, escalation, _chats(uow, [person]))


def _show(uow: UnitOfWork, escalation: Escalation, readers: Readers) -> bool:
    """False: there is nobody."""
    stands = places_of(uow, subject_of(escalation))
    for chat, person_id in readers:
        if (chat.channel, chat.account, chat.chat) not in stands:
            tell_chat(uow, chat, card_of(uow, escalation), person_id=person_id)
    return bool(readers)


def _readers(uow: UnitOfWork, escalation: Escalation, channel: str = "") -> Readers:
    """On this channel, or on any: the team's board, else that of all, else the team's agents, else all of them."""
    client_id, team = escalation.client_id, escalation.team
    found = uow.all(BOARDS_OF, unit_id=client_id, team=team)
    if board := next((one for one in found if channel in ("", one.channel)), None):
        zone = get_unit(uow, client_id).time_zone
        return [(Chat(board.channel, board.account, board.chat, time_zone=zone), None)]
    return _chats(uow, list_agents(uow, client_id, team, today_at(uow, client_id)), channel)


def _leads(uow: UnitOfWork, escalation: Escalation) -> Readers:
    client_id = escalation.client_id
    return _chats(uow, list_holders(uow, client_id, "team_lead", today_at(uow, client_id)))


def _chats(uow: UnitOfWork, people: Sequence[Person], channel: str = "") -> Readers:
    ways = [
        (one, next((way for way in list_ways(uow, one.id) if channel in ("", way.channel)), None)) for one in people
    ]
    return [(chat_of(uow, person, way), person.id) for person, way in ways if way]
