"""Which files are taken in beside pictures, and under which names they are kept (pure): those that WhatsApp sends on, the
narrowest of the three, so that whatever one side gives can reach the other
(developers.facebook.com/docs/whatsapp/cloud-api/reference/media)."""

from core.media.store import PDF, PHOTO

_OFFICE = "application/vnd.openxmlformats-officedocument"
SUFFIXES: dict[str, str] = {
    "application/pdf": PDF, "text/plain": ".txt",
    "application/msword": ".doc", f"{_OFFICE}.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls", f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-powerpoint": ".ppt", f"{_OFFICE}.presentationml.presentation": ".pptx",
    "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr",
    "video/mp4": ".mp4", "video/3gpp": ".3gp",
}  # fmt: skip
MIMES = {suffix: mime for mime, suffix in SUFFIXES.items()}
USUAL = {"audio": "audio/ogg", "video": "video/mp4", "document": "application/pdf"}
"""Of what a platform does not name."""
LONGEST = 80
PICTURES = ("photo", "sticker")
TAKEN = "pictures, PDF, text, Word, Excel, PowerPoint, audio (OGG, MP3, M4A, AAC, AMR) and video (MP4, 3GP)"


def is_picture(kind: str, mime: str | None) -> bool:
    return kind in PICTURES or (mime or "").startswith("image/")


def mime_of(kind: str, mime: str | None) -> str:
    return mime or USUAL.get(kind, "")


def can_be_kept(kind: str, mime: str | None) -> bool:
    return is_picture(kind, mime) or mime_of(kind, mime) in SUFFIXES


def suffix_of(mime: str | None) -> str:
    """In the store; what is none of these was made a picture."""
    return SUFFIXES.get(mime or "", PHOTO)


def plain_name(name: str | None, suffix: str) -> str:
    """Without folders, lines and marks that only a machine sees, and with the ending of what it is; empty: it has none."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    stem = "".join(mark for mark in " ".join(last.split()) if mark.isprintable()).rpartition(".")[0]
    return f"{stem[:LONGEST]}{suffix}" if stem else ""
