"""Media: upload, the address that works for five minutes, download with the bearer token."""

import secrets

from sandbox.gate import Answer, Call
from sandbox.state import Sandbox
from sandbox.whatsapp.errors import error, refuse
from sandbox.whatsapp.state import Media

URL_SECONDS = 300
MEGABYTE = 1024 * 1024
BIGGEST = {"image": 5 * MEGABYTE, "audio": 16 * MEGABYTE, "video": 16 * MEGABYTE, "document": 100 * MEGABYTE}
IMAGES = {"image/jpeg", "image/png"}


def keep(sandbox: Sandbox, data: bytes, name: str, mime: str) -> str:
    """The media id."""
    stored = sandbox.files.keep(data, name, mime)
    identity = str(10**15 + secrets.randbelow(10**15))
    sandbox.whatsapp.media[identity] = Media(stored.id, mime)
    return identity


async def upload(sandbox: Sandbox, call: Call) -> Answer:
    if call.params.get("messaging_product") != "whatsapp":
        raise refuse(100, "The parameter messaging_product is required.")
    file = call.files.get("file")
    if file is None or not file.data:
        raise refuse(100, "The parameter file is required.")
    mime = str(call.params.get("type") or file.mime or "")
    kind = mime.partition("/")[0] if mime.partition("/")[0] in BIGGEST else "document"
    if kind == "image" and mime not in IMAGES:
        raise refuse(
            100, f"Param file must be a file with one of the following types: image/jpeg, image/png - got {mime}"
        )
    if len(file.data) > BIGGEST[kind]:
        raise refuse(131053, f"Media file size too big. Max file size: {BIGGEST[kind]}")
    return Answer({"id": keep(sandbox, file.data, file.name, mime)})


async def describe(sandbox: Sandbox, call: Call) -> Answer:
    identity = str(call.params["id"])
    media = _known(sandbox, identity)
    stored = sandbox.files.find(media.file_id)
    if stored is None:
        raise _unknown(identity)
    media.url_until = sandbox.clock.now() + URL_SECONDS
    return Answer(
        {
            "messaging_product": "whatsapp",
            "url": f"{sandbox.base_url}/whatsapp/media/{identity}?ext={int(media.url_until)}",
            "mime_type": media.mime,
            "sha256": stored.sha256,
            "file_size": len(stored.data),
            "id": identity,
        }
    )


async def forget(sandbox: Sandbox, call: Call) -> Answer:
    identity = str(call.params["id"])
    _known(sandbox, identity)
    del sandbox.whatsapp.media[identity]
    return Answer({"success": True})


async def download(sandbox: Sandbox, call: Call) -> Answer:
    media = sandbox.whatsapp.media.get(str(call.params["id"]))
    stored = sandbox.files.find(media.file_id) if media and media.url_until > sandbox.clock.now() else None
    if media is None or stored is None:
        return Answer({"error": "media url expired"}, 404, "expired")
    return Answer(stored.data, media_type=media.mime)


def _known(sandbox: Sandbox, identity: str) -> Media:
    media = sandbox.whatsapp.media.get(identity)
    if media is None:
        raise _unknown(identity)
    return media


def _unknown(identity: str) -> Exception:
    text = f"Object with ID '{identity}' does not exist, cannot be loaded due to missing permissions"
    return refuse(100, None, 400, error_subcode=33, error_user_msg=text)


def no_such_object(identity: str) -> Answer:
    return error(100, f"Object with ID '{identity}' does not exist", 400, error_subcode=33)
