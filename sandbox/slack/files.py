"""files.*: the three-step upload and what a file looks like."""

from typing import Any

from sandbox.bodies import parsed
from sandbox.chats import Message
from sandbox.gate import Answer, Call
from sandbox.photos import StoredFile
from sandbox.slack import chat_methods, events, shapes
from sandbox.slack.answers import ok, refuse
from sandbox.slack.state import PendingUpload
from sandbox.state import Sandbox

SIGN_IN = b"<!DOCTYPE html><html><title>Sign in | Slack</title></html>"

Json = dict[str, Any]


def file_object(sandbox: Sandbox, stored: StoredFile, owner: str, title: str | None = None) -> Json:
    url = f"{sandbox.base_url}/slack/files/{stored.id}/{stored.name}"
    shape: Json = {
        "id": stored.id,
        "created": int(sandbox.clock.now()),
        "timestamp": int(sandbox.clock.now()),
        "name": stored.name,
        "title": title or stored.name,
        "mimetype": stored.mime,
        "filetype": stored.name.rpartition(".")[2],
        "user": owner,
        "mode": "hosted",
        "size": len(stored.data),
        "is_external": False,
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
    }
    if stored.width:
        shape |= {"original_w": stored.width, "original_h": stored.height}
    sandbox.slack.files[stored.id] = shape
    return shape


async def get_upload_url(sandbox: Sandbox, call: Call) -> Answer:
    name, length = str(call.params.get("filename") or ""), str(call.params.get("length") or "")
    if not name or not length.isdigit() or int(length) == 0:
        raise refuse("invalid_arguments")
    number = sandbox.slack.next_number()
    key = f"F{number:09d}"
    sandbox.slack.uploads[key] = PendingUpload(key, name, int(length))
    return ok(upload_url=f"{sandbox.base_url}/slack/upload/{key}", file_id=key)


def receive(sandbox: Sandbox, key: str, data: bytes) -> Answer:
    upload = sandbox.slack.uploads.get(key)
    if upload is None:
        return Answer(b"upload url not found", 404, "not_found", media_type="text/plain")
    if len(data) != upload.length:
        return Answer(b"file length does not match", 400, "wrong_length", media_type="text/plain")
    upload.data = data
    return Answer(b"OK - %d" % len(data), media_type="text/plain")


async def complete_upload(sandbox: Sandbox, call: Call) -> Answer:
    wanted = parsed(call.params.get("files"))
    if not isinstance(wanted, list) or not wanted:
        raise refuse("invalid_arguments")
    shapes_of_files = [_completed(sandbox, item) for item in wanted]
    if channel := call.params.get("channel_id") or call.params.get("channels"):
        chat = shapes.writable(sandbox, str(channel).partition(",")[0])
        fields = {
            "text": str(call.params.get("initial_comment") or ""),
            "files": shapes_of_files,
            "ts": sandbox.slack.next_ts(sandbox.clock.now()),
            **chat_methods.thread_of(chat, call.params),
        }
        vendor = shapes.bot_message(sandbox, fields)
        message = shapes.show(sandbox, chat, vendor)
        show_files(sandbox, message, shapes_of_files)
        events.own_message(sandbox, chat, vendor)
    return ok(files=shapes_of_files)


def _completed(sandbox: Sandbox, item: Json) -> Json:
    upload = sandbox.slack.uploads.pop(str(item.get("id")), None)
    if upload is None or upload.data is None:
        raise refuse("file_not_found")
    stored = sandbox.files.keep(upload.data, upload.name)
    return file_object(sandbox, stored, sandbox.settings["slack"]["bot_user_id"], item.get("title"))


def show_files(sandbox: Sandbox, message: Message, files: list[Json]) -> None:
    for file in files:
        stored = sandbox.files.find(file["id"])
        if stored and stored.mime.startswith("image/"):
            message.photo = stored.url
        elif stored:
            message.document = stored.url


async def info(sandbox: Sandbox, call: Call) -> Answer:
    shape = sandbox.slack.files.get(str(call.params.get("file") or ""))
    if shape is None:
        raise refuse("file_not_found")
    return ok(file=shape)


def download(sandbox: Sandbox, file_id: str, authorization: str) -> Answer:
    """Without the token Slack answers with its sign-in page, not with an error."""
    if authorization != f"Bearer {sandbox.settings['slack']['bot_token']}":
        return Answer(SIGN_IN, 200, "sign_in_page", media_type="text/html")
    stored = sandbox.files.find(file_id)
    if stored is None:
        return Answer(b"not found", 404, "not_found", media_type="text/plain")
    return Answer(stored.data, media_type=stored.mime)
