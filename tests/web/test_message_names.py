"""Every kind of message has a name that people understand."""

from pathlib import Path

from channels.rendering import SAID
from web.message_names import MESSAGE_NAMES

ENGLISH = Path(__file__).parents[2] / "templates" / "messages"
TRANSLATIONS = ("de", "es")


def test_every_message_has_a_name_and_every_name_a_message() -> None:
    """What has no notice is a part of others."""
    files = [one for one in ENGLISH.glob("*/*.j2") if one.parent.name not in TRANSLATIONS]
    sent = {f"{one.parent.name}.{one.stem}" for one in files if "<notice" in one.read_text()} | {SAID}
    assert sent == MESSAGE_NAMES.keys()
