"""Which files are taken, and what they are called when they leave."""

import pytest

from core.media.files import can_be_kept, plain_name, suffix_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("kind", "mime", "kept"),
    [
        ("photo", None, True), ("document", "image/png", True), ("document", "application/pdf", True), ("document", WORD, True),
        ("audio", None, True), ("audio", "audio/ogg", True), ("video", "video/mp4", True), ("document", "application/zip", False),
        ("document", "text/html", False), ("video", "video/quicktime", False), ("audio", "audio/webm", False),
    ],
)  # fmt: skip
def test_what_is_taken_is_what_every_platform_takes(kind: str, mime: str | None, kept: bool) -> None:
    assert can_be_kept(kind, mime) is kept


@pytest.mark.parametrize(
    ("given", "mime", "name"),
    [
        ("Invoice 7.docx", WORD, "Invoice 7.docx"), ("../../etc/passwd.docx", WORD, "passwd.docx"),
        ("C:\\tmp\\a.b.pdf", "application/pdf", "a.b.pdf"), ("evil\u202exe.docx", WORD, "evilxe.docx"),
        ("photo.exe", "application/pdf", "photo.pdf"), ("x" * 500 + ".txt", "text/plain", "x" * 80 + ".txt"),
        (None, "audio/ogg", ""), ("noending", "text/plain", ""),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(given: str | None, mime: str, name: str) -> None:
    assert plain_name(given, suffix_of(mime)) == name
