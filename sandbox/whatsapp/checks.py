"""What may stand in a message: required fields, lengths, counts. Raises Graph's error 100, 131008 or 131009."""

from typing import Any

from sandbox.whatsapp.errors import refuse

Json = dict[str, Any]

# (where, shortest, longest); developers.facebook.com, messages reference
LENGTHS: dict[str, tuple[tuple[str, int, int], ...]] = {
    "text": (("text.body", 1, 4096),),
    "button": (
        ("interactive.body.text", 1, 1024),
        ("interactive.header.text", 0, 60),
        ("interactive.footer.text", 0, 60),
    ),
    "list": (
        ("interactive.body.text", 1, 4096),
        ("interactive.header.text", 0, 60),
        ("interactive.footer.text", 0, 60),
        ("interactive.action.button", 1, 20),
    ),
    "location_request_message": (("interactive.body.text", 1, 1024),),
    "cta_url": (
        ("interactive.body.text", 1, 1024),
        ("interactive.footer.text", 0, 60),
        ("interactive.action.parameters.display_text", 1, 20),
        ("interactive.action.parameters.url", 1, 2000),
    ),
    "image": (("image.caption", 0, 1024),),
    "document": (("document.caption", 0, 1024), ("document.filename", 0, 240)),
}
TYPES = {"text", "image", "document", "audio", "video", "location", "interactive", "template", "reaction"}
BUTTON = (("reply.title", 1, 20), ("reply.id", 1, 256))
ROW = (("title", 1, 24), ("description", 0, 72), ("id", 1, 200))
MOST_CALLBACK_DATA = 512


def check(message: Json) -> str:
    """The message's type; for interactive ones, their own."""
    if message.get("messaging_product") != "whatsapp":
        raise refuse(100, "The parameter messaging_product is required.")
    kind = message.get("type") or "text"
    if kind not in TYPES:
        raise refuse(100, f'Param type must be one of {{{", ".join(sorted(TYPES)).upper()}}} - got "{kind}".')
    if not isinstance(message.get(kind), dict):
        raise refuse(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if len(str(message.get("biz_opaque_callback_data") or "")) > MOST_CALLBACK_DATA:
        raise refuse(100, "Param biz_opaque_callback_data must be at most 512 characters long.")
    inner = str(message["interactive"].get("type")) if kind == "interactive" else kind
    _lengths(message, LENGTHS.get(inner, ()))
    if kind == "interactive":
        _interactive(inner, message["interactive"])
    if kind in ("image", "document", "audio", "video") and not (message[kind].get("id") or message[kind].get("link")):
        raise refuse(131008, f"Parameter '{kind}.id' or '{kind}.link' is required")
    if kind == "location":
        _location(message["location"])
    return inner


def _lengths(part: Json, rules: tuple[tuple[str, int, int], ...], prefix: str = "") -> None:
    for path, shortest, longest in rules:
        value = _at(part, path)
        if value is None and shortest == 0:
            continue
        if value is None:
            raise refuse(131008, f"Required parameter '{prefix}{path}' is missing")
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            raise refuse(100, f"Param {prefix}{path} length invalid. Min length: {shortest}, Max length: {longest}")


def _at(part: Any, path: str) -> Any:
    for name in path.split("."):
        part = part.get(name) if isinstance(part, dict) else None
    return part


def _interactive(kind: str, interactive: Json) -> None:
    action = interactive.get("action")
    if not isinstance(action, dict):
        raise refuse(131008, "Required parameter 'interactive.action' is missing")
    if kind == "button":
        _buttons(action.get("buttons"))
    elif kind == "list":
        _sections(action.get("sections"))
    elif kind == "location_request_message":
        if action.get("name") != "send_location":
            raise refuse(131009, "interactive.action.name must be send_location")
    elif kind != "cta_url":
        raise refuse(131009, f"interactive.type '{kind}' is not supported")


def _buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise refuse(131009, "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    for number, button in enumerate(buttons):
        if button.get("type") != "reply":
            raise refuse(131009, "Button type must be reply")
        _lengths(button, BUTTON, f"interactive.action.buttons[{number}].")
    _unique([button["reply"]["title"] for button in buttons], "button titles")
    _unique([button["reply"]["id"] for button in buttons], "button ids")


def _sections(sections: Any) -> None:
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        raise refuse(131009, "Invalid sections count. Min allowed sections: 1, Max allowed sections: 10")
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= 10:
        raise refuse(131009, "Total row count exceed max allowed count: 10")
    for section in sections:
        shortest = 1 if len(sections) > 1 else 0
        _lengths(section, (("title", shortest, 24),), "interactive.action.sections.")
    for row in rows:
        _lengths(row, ROW, "interactive.action.sections.rows.")
    _unique([row["id"] for row in rows], "row ids")


def _unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise refuse(131009, f"Duplicated {what}")


def _location(location: Json) -> None:
    for name in ("latitude", "longitude"):
        try:
            float(location[name])
        except (KeyError, TypeError, ValueError):
            raise refuse(131008, f"Required parameter 'location.{name}' is missing") from None
