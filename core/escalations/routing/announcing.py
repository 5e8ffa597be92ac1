"""Announcing a card on the channels that a rule names: on each its board, else everybody of the team who can be reached there."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select

from core.escalations.routing.people import list_agents, today_at
from core.escalations.tables import Escalation
from core.escalations.telling import announce, card_of
from core.outbox.choosing import list_ways
from core.outbox.notify import Chat, chat_of, tell_chat
from core.people.contacts import CHANNEL_NAMES
from core.people.queries import BOARD_OF, ancestors, get_unit
from core.people.tables import boards
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_CHAIN = ancestors(bindparam("unit_id")).subquery()
BOARDS_OF = Statement(
    select(boards.c.channel, boards.c.account, boards.c.chat)
    .join(_CHAIN, boards.c.unit_id == _CHAIN.c.id)
    .where(or_(boards.c.team == bindparam("team"), boards.c.team == ""))
    .order_by(_CHAIN.c.distance, boards.c.team.desc())
)


def announce_on(uow: UnitOfWork, escalation: Escalation, channels: Sequence[str]) -> list[str]:
    """As usual where no channel is named, and where none of them leads to anybody. What could not be done, in sentences."""
    missed = [CHANNEL_NAMES[channel] for channel in channels if not _announce_there(uow, escalation, channel)]
    if len(missed) < len(channels):
        return [f"Nobody could be told on {name}." for name in missed]
    announce(uow, escalation)
    return [f"Nobody could be told on {' or '.join(missed)}: announced as usual."] if missed else []


def _announce_there(uow: UnitOfWork, escalation: Escalation, channel: str) -> bool:
    card = card_of(uow, escalation)
    found = uow.all(BOARDS_OF, unit_id=escalation.client_id, team=escalation.team)
    if board := next((one for one in found if one.channel == channel), None):
        zone = get_unit(uow, escalation.client_id).time_zone
        tell_chat(uow, Chat(board.channel, board.account, board.chat, time_zone=zone), card)
        return True
    told = False
    for agent in list_agents(uow, escalation.client_id, escalation.team, today_at(uow, escalation.client_id)):
        if way := next((one for one in list_ways(uow, agent.id) if one.channel == channel), None):
            tell_chat(uow, chat_of(uow, agent, way), card, person_id=agent.id)
            told = True
    return told


def same_board(uow: UnitOfWork, client_id: int, team: str, other: str) -> bool:
    """Whether the cards of both teams go to one chat."""
    return uow.first(BOARD_OF, unit_id=client_id, team=team) == uow.first(BOARD_OF, unit_id=client_id, team=other)
