"""Who and where: auth.test, users.*, conversations.*."""

from typing import TypeVar

from sandbox.gate import Answer, Call
from sandbox.slack import shapes
from sandbox.slack.answers import ok, refuse
from sandbox.state import Sandbox

PAGE = 100

Item = TypeVar("Item")


async def auth_test(sandbox: Sandbox, call: Call) -> Answer:
    settings = sandbox.settings["slack"]
    return ok(
        url=f"{sandbox.base_url}/slack/",
        team=settings["team_name"],
        user=settings["bot_name"],
        team_id=settings["team_id"],
        user_id=settings["bot_user_id"],
        bot_id=settings["bot_id"],
        is_enterprise_install=False,
    )


async def no_socket_mode(sandbox: Sandbox, call: Call) -> Answer:
    raise refuse("not_allowed_token_type")


async def open_conversation(sandbox: Sandbox, call: Call) -> Answer:
    users = [user for user in str(call.params.get("users") or "").split(",") if user]
    if call.params.get("channel"):
        return ok(channel={"id": shapes.channel(sandbox, call.params["channel"]).id})
    if len(users) != 1:
        raise refuse("not_enough_users" if not users else "too_many_users")
    person = sandbox.people.at("slack", users[0])
    if person is None:
        raise refuse("user_not_found")
    return ok(channel={"id": shapes.dm_of(sandbox, person).id}, no_op=True, already_open=True)


async def conversation_info(sandbox: Sandbox, call: Call) -> Answer:
    return ok(channel=shapes.channel_object(sandbox, shapes.channel(sandbox, call.params.get("channel"))))


async def conversation_list(sandbox: Sandbox, call: Call) -> Answer:
    rooms = [room for room in sandbox.chats.rooms() if room.platform == "slack"]
    page, following = _page(call, [shapes.channel_object(sandbox, room) for room in rooms])
    return ok(channels=page, response_metadata={"next_cursor": following})


async def conversation_members(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.channel(sandbox, call.params.get("channel"))
    people = [sandbox.people.by_key[key].slack_id for key in chat.members if key in sandbox.people.by_key]
    page, following = _page(call, [*people, sandbox.settings["slack"]["bot_user_id"]])
    return ok(members=page, response_metadata={"next_cursor": following})


async def user_info(sandbox: Sandbox, call: Call) -> Answer:
    if call.params.get("user") == sandbox.settings["slack"]["bot_user_id"]:
        return ok(user=shapes.bot_object(sandbox))
    person = sandbox.people.at("slack", call.params.get("user"))
    if person is None:
        raise refuse("user_not_found")
    return ok(user=shapes.user_object(sandbox, person))


async def user_list(sandbox: Sandbox, call: Call) -> Answer:
    people = [shapes.user_object(sandbox, person) for person in sandbox.people.by_key.values()]
    page, following = _page(call, [*people, shapes.bot_object(sandbox)])
    return ok(members=page, response_metadata={"next_cursor": following})


async def user_by_email(sandbox: Sandbox, call: Call) -> Answer:
    wanted = str(call.params.get("email") or "").lower()
    for person in sandbox.people.by_key.values():
        if wanted and (person.email or "").lower() == wanted:
            return ok(user=shapes.user_object(sandbox, person))
    raise refuse("users_not_found")


def _page(call: Call, items: list[Item]) -> tuple[list[Item], str]:
    """Cursors are plain positions."""
    try:
        start, size = int(call.params.get("cursor") or 0), int(call.params.get("limit") or PAGE)
    except ValueError:
        raise refuse("invalid_cursor") from None
    end = start + max(1, min(size, 1000))
    return items[start:end], str(end) if end < len(items) else ""
