"""Methods that only tell: the bot, chats, files, the command list."""

import orjson

from sandbox.bodies import parsed
from sandbox.gate import Answer, Call
from sandbox.photos import StoredFile
from sandbox.state import Sandbox
from sandbox.telegram import shapes
from sandbox.telegram.answers import bad_request, ok, refusal
from sandbox.telegram.sending import target

BIGGEST_DOWNLOAD = 20 * 1024 * 1024
MOST_COMMANDS = 100
COMMAND_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789_")


async def get_me(sandbox: Sandbox, call: Call) -> Answer:
    abilities = {"can_join_groups": True, "supports_inline_queries": False, "can_connect_to_business": False}
    sees_all = not sandbox.settings["telegram"]["privacy"]
    bot = {**shapes.bot_user(sandbox), **abilities, "can_read_all_group_messages": sees_all, "has_main_web_app": False}
    return ok(bot)


async def get_chat(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.chat_object(sandbox, target(sandbox, call.params))
    return ok({**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS})


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


async def get_file(sandbox: Sandbox, call: Call) -> Answer:
    stored = sandbox.files.find(str(call.params.get("file_id") or ""))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > BIGGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return ok({**shapes.file_object(stored), "file_path": _path(stored)})


def _path(stored: StoredFile) -> str:
    folder = "photos" if stored.mime.startswith("image/") else "documents"
    return f"{folder}/{stored.id}.{stored.name.rpartition('.')[2] or 'bin'}"


async def download(sandbox: Sandbox, call: Call) -> Answer:
    path = str(call.params["path"])
    stored = sandbox.files.find(path.rpartition("/")[2].partition(".")[0])
    if stored is None or _path(stored) != path:
        return refusal(404, "Not Found")
    return Answer(stored.data, media_type="application/octet-stream")


async def set_my_commands(sandbox: Sandbox, call: Call) -> Answer:
    commands = parsed(call.params.get("commands"))
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("can't parse commands list JSON object")
    for command in commands:
        name, description = str(command.get("command") or ""), str(command.get("description") or "")
        if not 1 <= len(name.lstrip("/")) <= 32 or set(name.lstrip("/")) - COMMAND_CHARACTERS:
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    sandbox.telegram.commands[_scope(call)] = commands
    return ok(True)


async def get_my_commands(sandbox: Sandbox, call: Call) -> Answer:
    return ok(sandbox.telegram.commands.get(_scope(call), []))


async def delete_my_commands(sandbox: Sandbox, call: Call) -> Answer:
    sandbox.telegram.commands.pop(_scope(call), None)
    return ok(True)


def _scope(call: Call) -> str:
    scope = parsed(call.params.get("scope")) or {"type": "default"}
    return f"{orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode()} {call.params.get('language_code') or ''}"
