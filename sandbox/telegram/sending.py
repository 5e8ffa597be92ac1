"""Methods that make a message."""

from dataclasses import dataclass
from typing import Any

from sandbox.bodies import parsed
from sandbox.chats import BOT, Chat, Message
from sandbox.gate import Answer, Call
from sandbox.photos import StoredFile, size_of
from sandbox.state import Sandbox
from sandbox.telegram import html, keyboards, shapes
from sandbox.telegram.answers import bad_request, forbidden, ok

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
BIGGEST_UPLOAD = 50 * 1024 * 1024
BIGGEST_PHOTO = 10 * 1024 * 1024
LIVE_PERIODS = range(60, 86_401)
LIVE_FOR_EVER = 0x7FFFFFFF
ALBUM_SIZES = range(2, 11)


@dataclass
class Draft:
    """A message about to be sent: Telegram's own fields beside what a person sees of it."""

    fields: dict[str, Any]
    text: str = ""
    shown: str | None = None
    photo: str | None = None
    document: str | None = None
    location: dict[str, Any] | None = None


def target(sandbox: Sandbox, params: dict[str, Any]) -> Chat:
    """The addressed chat, or the refusal Telegram gives."""
    chat_id = str(params.get("chat_id") or "").strip()
    if not chat_id:
        raise bad_request("chat_id is empty")
    if new := sandbox.telegram.migrated.get(chat_id):
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=int(new))
    chat = sandbox.chats.find("telegram", chat_id)
    if chat and not chat.private:
        if chat.facts.get("bot_gone"):
            raise forbidden("bot was kicked from the group chat")
        return chat
    person = sandbox.people.at("telegram", chat_id)
    if person is None:
        raise bad_request("chat not found")
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked_telegram:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    return shapes.private_chat(sandbox, person)


def read_text(params: dict[str, Any], name: str, longest: int) -> html.Formatted:
    source = str(params.get(name) or "").replace("\r", "")
    mode = str(params.get("parse_mode") or "").lower()
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        formatted = html.parse(source) if mode else html.plain(source.strip())
    except html.Unparsable as error:
        raise bad_request(f"can't parse entities: {error}") from None
    if not mode and isinstance(given := parsed(params.get("entities" if name == "text" else "caption_entities")), list):
        formatted.entities = given[: html.MOST_ENTITIES]
    if html.utf16(formatted.text) > longest:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    if name == "text" and not formatted.text:
        raise bad_request("message text is empty")
    return formatted


def deliver(sandbox: Sandbox, chat: Chat, params: dict[str, Any], draft: Draft) -> dict[str, Any]:
    keyboard = keyboards.read(params.get("reply_markup"), chat.private)
    replied = _replied(chat, params)
    vendor = {**shapes.base(sandbox, chat, shapes.bot_user(sandbox)), **draft.fields}
    if keyboard.inline:
        vendor["reply_markup"] = keyboard.inline
    if replied:
        vendor["reply_to_message"] = shapes.quoted(replied)
    if keyboard.menu is not None:
        chat.menu = keyboard.menu or None
    message = Message(
        id=str(vendor["message_id"]),
        at=sandbox.clock.now(),
        sender=BOT,
        name=str(sandbox.settings["telegram"]["name"]),
        text=draft.text,
        html=draft.shown,
        buttons=keyboard.buttons,
        menu=keyboard.menu,
        photo=draft.photo,
        document=draft.document,
        location=draft.location,
        quoted=replied.id if replied else None,
        vendor=vendor,
    )
    sandbox.chats.add(chat, message)
    return vendor


def _replied(chat: Chat, params: dict[str, Any]) -> Message | None:
    reply = parsed(params.get("reply_parameters"))
    wanted = reply.get("message_id") if isinstance(reply, dict) else params.get("reply_to_message_id")
    if not wanted:
        return None
    message = chat.messages.get(str(wanted))
    if message is None and not (isinstance(reply, dict) and reply.get("allow_sending_without_reply")):
        raise bad_request("message to be replied not found")
    return message


async def send_message(sandbox: Sandbox, call: Call) -> Answer:
    chat = target(sandbox, call.params)
    text = read_text(call.params, "text", LONGEST_TEXT)
    fields = {"text": text.text} | ({"entities": text.entities} if text.entities else {})
    return ok(deliver(sandbox, chat, call.params, Draft(fields, text.text, text.shown)))


async def send_photo(sandbox: Sandbox, call: Call) -> Answer:
    chat = target(sandbox, call.params)
    stored = read_file(sandbox, call, call.params.get("photo"), "photo")
    return ok(deliver(sandbox, chat, call.params, _photo_draft(sandbox, stored, call.params)))


async def send_document(sandbox: Sandbox, call: Call) -> Answer:
    chat = target(sandbox, call.params)
    stored = read_file(sandbox, call, call.params.get("document"), "document")
    return ok(deliver(sandbox, chat, call.params, _document_draft(stored, call.params)))


async def send_media_group(sandbox: Sandbox, call: Call) -> Answer:
    chat, media = target(sandbox, call.params), parsed(call.params.get("media"))
    if not isinstance(media, list) or len(media) not in ALBUM_SIZES:
        raise bad_request("album must include 2-10 items")
    drafts = []
    for item in media:
        stored = read_file(sandbox, call, item.get("media"), str(item.get("type")))
        draft = _photo_draft(sandbox, stored, item) if item.get("type") == "photo" else _document_draft(stored, item)
        draft.fields["media_group_id"] = str(sandbox.telegram.last_message_id + 13_000_000)
        drafts.append(draft)
    return ok([deliver(sandbox, chat, {"reply_parameters": call.params.get("reply_parameters")}, d) for d in drafts])


async def send_location(sandbox: Sandbox, call: Call) -> Answer:
    chat = target(sandbox, call.params)
    location: dict[str, Any] = _coordinates(call.params)
    if period := int(call.params.get("live_period") or 0):
        if period not in LIVE_PERIODS and period != LIVE_FOR_EVER:
            raise bad_request("wrong live location period specified")
        location["live_period"] = period
    return ok(deliver(sandbox, chat, call.params, Draft({"location": location}, location=location)))


async def send_venue(sandbox: Sandbox, call: Call) -> Answer:
    chat, location = target(sandbox, call.params), _coordinates(call.params)
    title, address = str(call.params.get("title") or ""), str(call.params.get("address") or "")
    if not title or not address:
        raise bad_request("venue title and address must be non-empty")
    venue = {"location": location, "title": title, "address": address}
    shown = {**location, "title": title, "address": address}
    return ok(deliver(sandbox, chat, call.params, Draft({"location": location, "venue": venue}, location=shown)))


async def send_chat_action(sandbox: Sandbox, call: Call) -> Answer:
    target(sandbox, call.params)
    return ok(True)


def read_file(sandbox: Sandbox, call: Call, value: Any, kind: str) -> StoredFile:
    """The uploaded file, or one already known by its file_id."""
    name = str(value or "")
    upload = call.files.get(name.removeprefix("attach://")) if name.startswith("attach://") else call.files.get(kind)
    if upload is None:
        known = sandbox.files.find(name)
        if known is None:
            raise bad_request(
                f"there is no {kind} in the request" if not name else "wrong file identifier/HTTP URL specified"
            )
        return known
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > (BIGGEST_PHOTO if kind == "photo" else BIGGEST_UPLOAD):
        raise bad_request(f"file is too big for a {kind}")
    if kind == "photo" and size_of(upload.data) == (0, 0):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return sandbox.files.keep(upload.data, upload.name, upload.mime if kind != "photo" else "image/jpeg", "BQAC")


def _caption(params: dict[str, Any]) -> tuple[html.Formatted, dict[str, Any]]:
    caption = read_text(params, "caption", LONGEST_CAPTION)
    fields: dict[str, Any] = {"caption": caption.text} if caption.text else {}
    return caption, fields | ({"caption_entities": caption.entities} if caption.entities else {})


def _photo_draft(sandbox: Sandbox, stored: StoredFile, params: dict[str, Any]) -> Draft:
    caption, fields = _caption(params)
    return Draft(
        {"photo": shapes.photo_sizes(sandbox, stored), **fields}, caption.text, caption.shown, photo=stored.url
    )


def _document_draft(stored: StoredFile, params: dict[str, Any]) -> Draft:
    caption, fields = _caption(params)
    return Draft(
        {"document": shapes.document_object(stored), **fields}, caption.text, caption.shown, document=stored.url
    )


def _coordinates(params: dict[str, Any]) -> dict[str, Any]:
    try:
        location = {"latitude": float(params["latitude"]), "longitude": float(params["longitude"])}
    except (KeyError, ValueError, TypeError):
        raise bad_request("location must be non-empty") from None
    if abs(location["latitude"]) > 90 or abs(location["longitude"]) > 180:
        raise bad_request("location must be non-empty")
    return location
