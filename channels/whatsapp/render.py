"""Card -> payloads of POST /{phone_number_id}/messages, without their recipient.

The limits that capabilities.py does not hold are here, each with its page below
developers.facebook.com/docs/whatsapp/cloud-api/messages/.
"""

from collections.abc import Mapping
from typing import Any

from channels.capabilities import CAPABILITIES
from channels.card import Button, Card, Paragraph, Span
from channels.marks import literal
from channels.text import one_line, paragraphs, shorten, split, unique
from channels.whatsapp import markup
from channels.whatsapp.templates import PARAMETER, NoticeTemplate

LIMITS = CAPABILITIES["whatsapp"]
INTERACTIVE_BODY = 1024  # interactive-reply-buttons-messages, location-request-messages
ROW_TITLE, ROW_DESCRIPTION = 24, 72  # interactive-list-messages
LIST_LABEL = 20

CHOOSE = {"en": "Choose", "de": "Auswählen", "es": "Elegir"}
"""Language -> label of the button that opens a list made of buttons."""
SHARE = {"en": "Share your location:", "de": "Standort teilen:", "es": "Comparta su ubicación:"}

Payload = dict[str, Any]


def messages(card: Card, language: str = "en", image: str | None = None) -> list[Payload]:
    """One or more messages. `image` is a media id; it becomes the first message, its caption or the buttons' header."""
    asked = _asked(card, language)
    wide = all(one["type"] == "list" for one in asked)
    limit = LIMITS.text_limit if wide else INTERACTIVE_BODY
    texts = [markup.body(part) for part in split(_said(card), limit, markup.measure)]
    payloads = [_text(text) for text in texts]
    if asked:
        payloads[-1] = _interactive(asked[0], texts[-1])
        payloads += [_interactive(one, _in(language, SHARE)) for one in asked[1:]]
    return _illustrated(payloads, image) if image else payloads


def file(media_id: str, mime: str, name: str, card: Card) -> Payload:
    """To be heard, to be seen, or under its name; the card in one line is the caption, where there is one
    (developers.facebook.com/docs/whatsapp/cloud-api/messages/document-messages, audio-messages, video-messages)."""
    caption = literal(shorten(one_line(card.notice), LIMITS.caption_limit))
    kind = mime.partition("/")[0]
    if kind == "audio":
        return {"type": "audio", "audio": {"id": media_id}}
    if kind == "video":
        return {"type": "video", "video": {"id": media_id, "caption": caption}}
    return {"type": "document", "document": {"id": media_id, "filename": name, "caption": caption}}


def reply(text: str) -> Payload:
    """The short word that stands for an edit."""
    return _text(literal(shorten(text, INTERACTIVE_BODY)))


def notice(card: Card, template: NoticeTemplate) -> Payload:
    """The window is closed: the approved template with the card in one line (parameters hold no newline, tab or long
    gap)."""
    parameter = {"type": "text", "text": shorten(one_line(card.notice), PARAMETER)}
    components: list[Payload] = [{"type": "body", "parameters": [parameter]}]
    if card.notice_command:
        payload = {"type": "payload", "payload": card.notice_command}
        components.append({"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]})
    content = {"name": template.name, "language": {"code": template.language}, "components": components}
    return {"type": "template", "template": content}


def _said(card: Card) -> tuple[Paragraph, ...]:
    more = len(_choices(card)) - LIMITS.menu_options
    return (*paragraphs(card), Paragraph((Span(f"… +{more}"),))) if more > 0 else paragraphs(card)


def _choices(card: Card) -> tuple[Button, ...]:
    return card.buttons + (card.menu.options if card.menu else ())


def _asked(card: Card, language: str) -> list[Payload]:
    """The interactive parts, without their body: what can be pressed, then the request for a location."""
    asked: list[Payload] = []
    if card.menu is None and 0 < len(card.buttons) <= LIMITS.buttons:
        asked.append(_buttons(card.buttons))
    elif choices := _choices(card)[: LIMITS.menu_options]:
        asked.append(_list(choices, card.menu.title if card.menu else _in(language, CHOOSE)))
    if card.asks_location:
        asked.append({"type": "location_request_message", "action": {"name": "send_location"}})
    return asked


def _buttons(buttons: tuple[Button, ...]) -> Payload:
    labels = unique([button.label for button in buttons], LIMITS.button_label)
    replies = [{"id": button.command, "title": label} for button, label in zip(buttons, labels, strict=True)]
    return {"type": "button", "action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}}


def _list(choices: tuple[Button, ...], label: str) -> Payload:
    titles = unique([choice.label for choice in choices], ROW_TITLE)
    rows = [_row(choice, title) for choice, title in zip(choices, titles, strict=True)]
    return {"type": "list", "action": {"button": shorten(label, LIST_LABEL), "sections": [{"rows": rows}]}}


def _row(choice: Button, title: str) -> Payload:
    """A label that had to be cut is there in full below its title."""
    row = {"id": choice.command, "title": title}
    return row if title == choice.label else row | {"description": shorten(choice.label, ROW_DESCRIPTION)}


def _interactive(asked: Payload, text: str) -> Payload:
    return {"type": "interactive", "interactive": {**asked, "body": {"text": text}}}


def _text(text: str) -> Payload:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _illustrated(payloads: list[Payload], image: str) -> list[Payload]:
    first, *others = payloads
    if first["type"] == "interactive" and first["interactive"]["type"] == "button":
        header = {"type": "image", "image": {"id": image}}
        return [{"type": "interactive", "interactive": {**first["interactive"], "header": header}}, *others]
    if first["type"] == "text" and not others and len(first["text"]["body"]) <= LIMITS.caption_limit:
        return [{"type": "image", "image": {"id": image, "caption": first["text"]["body"]}}]
    return [{"type": "image", "image": {"id": image}}, *payloads]


def _in(language: str, words: Mapping[str, str]) -> str:
    return words.get(language.partition("-")[0], words["en"])
