"""Methods that change what was sent, and the answer to a pressed button."""

from sandbox.chats import BOT, Chat, Message
from sandbox.gate import Answer, Call
from sandbox.state import Sandbox
from sandbox.telegram import html, keyboards
from sandbox.telegram.answers import bad_request, ok
from sandbox.telegram.sending import LONGEST_CAPTION, LONGEST_TEXT, read_text, target

CALLBACK_SECONDS = 15
CALLBACK_TEXT = 200
DELETABLE_SECONDS = 48 * 3600
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def edit_message_text(sandbox: Sandbox, call: Call) -> Answer:
    chat, message = _own(sandbox, call)
    if "text" not in message.vendor:
        raise bad_request("there is no text in the message to edit")
    return _edit(sandbox, chat, message, call, read_text(call.params, "text", LONGEST_TEXT), "text", "entities")


async def edit_message_caption(sandbox: Sandbox, call: Call) -> Answer:
    chat, message = _own(sandbox, call)
    if "text" in message.vendor:
        raise bad_request("there is no caption in the message to edit")
    caption = read_text(call.params, "caption", LONGEST_CAPTION)
    return _edit(sandbox, chat, message, call, caption, "caption", "caption_entities")


async def edit_message_reply_markup(sandbox: Sandbox, call: Call) -> Answer:
    chat, message = _own(sandbox, call)
    return _edit(sandbox, chat, message, call, None, "", "")


def _own(sandbox: Sandbox, call: Call) -> tuple[Chat, Message]:
    chat = target(sandbox, call.params)
    message = chat.messages.get(str(call.params.get("message_id") or ""))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != BOT:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    sandbox: Sandbox, chat: Chat, message: Message, call: Call, words: html.Formatted | None, text: str, entities: str
) -> Answer:
    """A keyboard that is not given again is gone, as with the real one."""
    keyboard = keyboards.read(call.params.get("reply_markup"), chat.private)
    if keyboard.menu is not None:
        raise bad_request("object expected as reply markup")
    vendor = {name: value for name, value in message.vendor.items() if name != "reply_markup"}
    if keyboard.inline:
        vendor["reply_markup"] = keyboard.inline
    if words:
        vendor |= {text: words.text, entities: words.entities}
        if not words.entities:
            del vendor[entities]
    if vendor == message.vendor:
        raise bad_request(SAME)
    vendor["edit_date"] = int(sandbox.clock.now())
    message.vendor, message.buttons = vendor, keyboard.buttons
    if words:
        message.text, message.html = words.text, words.shown
    message.edited = True
    sandbox.chats.changed(chat, message)
    return ok(vendor)


async def delete_message(sandbox: Sandbox, call: Call) -> Answer:
    chat = target(sandbox, call.params)
    message = chat.messages.get(str(call.params.get("message_id") or ""))
    if message is None:
        raise bad_request("message to delete not found")
    if sandbox.clock.now() - message.at > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    sandbox.chats.remove(chat, message)
    return ok(True)


async def answer_callback_query(sandbox: Sandbox, call: Call) -> Answer:
    pressed = sandbox.telegram.pressed.get(str(call.params.get("callback_query_id") or ""))
    if pressed is None or pressed.answered or sandbox.clock.now() - pressed.at > CALLBACK_SECONDS:
        raise bad_request(TOO_OLD)
    text = str(call.params.get("text") or "")
    if len(text) > CALLBACK_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    pressed.answered = True
    chat = sandbox.chats.find("telegram", pressed.chat)
    if chat and text:
        alert = str(call.params.get("show_alert")).lower() in ("true", "1")
        sandbox.chats.toast(chat, pressed.person, {"text": text, "alert": alert, "at": sandbox.clock.iso()})
    return ok(True)
