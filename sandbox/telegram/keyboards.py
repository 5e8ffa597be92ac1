"""Checks of reply_markup and what a person sees of it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.bodies import parsed
from sandbox.chats import Button
from sandbox.telegram.answers import bad_request

MOST_BUTTONS = 100
MOST_IN_ROW = 8
CALLBACK_BYTES = 64
INLINE_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


@dataclass
class Keyboard:
    """`menu` is None when the chat's menu stays, empty when it is taken away. `inline` goes back to the bot."""

    buttons: list[Button] = field(default_factory=list)
    menu: list[Button] | None = None
    inline: dict[str, Any] | None = None


def read(value: Any, private: bool) -> Keyboard:
    markup = parsed(value) if value not in (None, "") else {}
    if not isinstance(markup, dict):
        raise bad_request("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return Keyboard(menu=_reply(markup["keyboard"], private))
    if markup.get("remove_keyboard"):
        return Keyboard(menu=[])
    return Keyboard()


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return rows


def _inline(markup: dict[str, Any]) -> Keyboard:
    rows = _rows(markup["inline_keyboard"])
    buttons = [_inline_button(raw, number) for number, row in enumerate(rows) for raw in row]
    return Keyboard(buttons, inline={"inline_keyboard": rows} if buttons else None)


def _inline_button(raw: Any, row: int) -> Button:
    if not isinstance(raw, dict) or not raw.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    given = [name for name in INLINE_ACTIONS if name in raw]
    if not given:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in raw:
        _check_url(str(raw["url"]))
        return Button(raw["text"], raw["url"], "url", row, {"url": raw["url"]})
    if given[0] == "callback_data":
        if not 1 <= len(str(raw["callback_data"]).encode()) <= CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(raw["text"], str(raw["callback_data"]), "callback", row)
    return Button(raw["text"], str(raw[given[0]]), given[0], row)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "tg":
        return
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply(rows: Any, private: bool) -> list[Button]:
    menu = []
    for number, row in enumerate(_rows(rows)):
        for raw in row:
            button = {"text": raw} if isinstance(raw, str) else raw
            if not isinstance(button, dict) or not button.get("text"):
                raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
            if (button.get("request_location") or button.get("request_contact")) and not private:
                raise bad_request("location can be requested in private chats only")
            kind = "location" if button.get("request_location") else "text"
            menu.append(Button(button["text"], button["text"], kind, number))
    return menu
