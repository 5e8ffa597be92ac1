"""What each refusal of the Bot API means for the delivery. It has no codes of its own beyond HTTP's: the words decide.

Rows are read from the top, the first that fits wins. Sources: core.telegram.org/bots/api#making-requests, the
descriptions in tdlib/telegram-bot-api (Client.cpp, `fail_query_with_error`), core.telegram.org/bots/faq (limits).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome

NOT_MODIFIED, NO_TEXT = "not_modified", "no_text"

Meaning = Literal["unreachable", "refused", "broken", "later"]


@dataclass(frozen=True, slots=True)
class Row:
    status: int
    words: str
    meaning: Meaning
    reason: str
    code: str = ""


TABLE = (
    Row(401, "", "broken", "the bot token is not valid"),
    Row(404, "", "broken", "the bot token is not valid or TELEGRAM_API_URL is wrong"),
    Row(403, "bot was blocked by the user", "unreachable", "the person blocked the bot"),
    Row(403, "user is deactivated", "unreachable", "the person deleted the account"),
    Row(403, "can't initiate conversation", "unreachable", "the person never pressed Start"),
    Row(403, "bot was kicked", "unreachable", "the bot was removed from the group"),
    Row(403, "bot is not a member", "unreachable", "the bot is not in the group"),
    Row(403, "the group chat was deleted", "unreachable", "the group was deleted"),
    Row(403, "", "unreachable", "the bot may not write there"),
    Row(400, "chat not found", "unreachable", "no such chat, or the person never pressed Start"),
    Row(400, "peer_id_invalid", "unreachable", "no such chat"),
    Row(400, "user not found", "unreachable", "no such person"),
    Row(400, "chat_write_forbidden", "unreachable", "the bot may not write in the group"),
    Row(400, "not enough rights to send", "unreachable", "the bot may not write in the group"),
    Row(400, "have no rights to send", "unreachable", "the bot may not write in the group"),
    Row(400, "message is not modified", "refused", "the message says that already", NOT_MODIFIED),
    Row(400, "there is no text in the message", "refused", "the message is a photo with a caption", NO_TEXT),
    Row(400, "message to edit not found", "refused", "the message to change was deleted"),
    Row(400, "message can't be edited", "refused", "the message can no longer be changed"),
    Row(400, "can't parse entities", "refused", "the message's markup is wrong"),
    Row(400, "message is too long", "refused", "the message is too long"),
    Row(400, "file is too big", "refused", "the file is larger than the bot may fetch (20 MB)"),
    Row(400, "", "refused", "Telegram refused the request"),
    Row(413, "", "refused", "the upload is too large"),
    Row(409, "", "later", "another program uses this bot's token, or a webhook is set"),
)


def failure(status: int, description: str, parameters: Mapping[str, Any]) -> SendFailure:
    """Server errors (5xx, or no readable answer: status 0) leave open whether it was taken.

    `parameters`: core.telegram.org/bots/api#responseparameters. A 429 does not say whether the chat or the bot was
    too fast; nearly always it is the chat.
    """
    if new_chat := parameters.get("migrate_to_chat_id"):
        return PermanentFailure("400", "the group became a supergroup", moved_to=str(new_chat))
    if status == 429:
        seconds = parameters.get("retry_after")
        return TemporaryFailure("429", "too many messages", retry_after=seconds, holds="recipient", limited=True)
    words = description.lower()
    for row in TABLE:
        if row.status == status and row.words in words:
            return _made(row)
    return UnknownOutcome(str(status), "Telegram gave no readable answer")


def _made(row: Row) -> SendFailure:
    code = row.code or str(row.status)
    if row.meaning == "later":
        return TemporaryFailure(code, row.reason, holds="lane")
    unreachable, broken = row.meaning == "unreachable", row.meaning == "broken"
    return PermanentFailure(code, row.reason, unreachable=unreachable, broken=broken)
