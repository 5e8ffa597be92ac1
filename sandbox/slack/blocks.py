"""Block Kit: what is allowed (api.slack.com/reference/block-kit), what a person reads in it, what can be pressed."""

import secrets
from typing import Any

from sandbox.chats import Button

Json = dict[str, Any]

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
ELEMENT_LIMITS = {"actions": 25, "context": 10}

# path -> most characters; a path that ends in [] is checked for each item
TEXTS: dict[str, dict[str, int]] = {
    "section": {"text.text": 3000, "fields[].text": 2000},
    "header": {"text.text": 150},
    "image": {"image_url": 3000, "alt_text": 2000, "title.text": 2000},
    "input": {"label.text": 2000, "hint.text": 2000},
    "context": {"elements[].text": 2000},
    "markdown": {"text": 12000},
    "button": {"text.text": 75, "value": 2000, "url": 3000},
    "select": {"placeholder.text": 150, "options[].text.text": 75, "options[].value": 150},
    "plain_text_input": {"placeholder.text": 150},
}
REQUIRED = {
    "header": ("text",),
    "actions": ("elements",),
    "context": ("elements",),
    "image": ("alt_text",),
    "input": ("label", "element"),
    "rich_text": ("elements",),
    "markdown": ("text",),
    "button": ("text",),
}
COUNTS = {"static_select": 100, "multi_static_select": 100, "overflow": 5, "checkboxes": 10, "radio_buttons": 10}
SELECTS = {*COUNTS, "users_select", "conversations_select", "channels_select", "external_select"}
SELECTS |= {"multi_users_select", "multi_conversations_select", "multi_channels_select"}
BLOCKS = {"section", "header", "actions", "context", "divider", "image", "input", "rich_text", "markdown"}
ELEMENTS = {*SELECTS, "button", "image", "plain_text", "mrkdwn", "plain_text_input", "number_input", "datepicker"}
ELEMENTS |= {"timepicker", "datetimepicker", "email_text_input", "url_text_input", "file_input"}


class Report:
    """Collects complaints in Slack's form."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, what: str, where: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{where}]")


def check(blocks: Any, most: int = MOST_IN_MESSAGE, where: str = "/blocks") -> list[str]:
    """Complaints, empty when all is well."""
    report = Report()
    if not isinstance(blocks, list):
        report.add("must be an array", where)
        return report.messages
    if len(blocks) > most:
        report.add(f"no more than {most} items allowed", where)
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        _block(report, block, f"{where}/{number}")
        identity = block.get("block_id") if isinstance(block, dict) else None
        if identity and identity in seen:
            report.add("block_id already exists", f"{where}/{number}/block_id")
        seen.add(str(identity))
    return report.messages


def _block(report: Report, block: Any, where: str) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in BLOCKS:
        report.add(f"unsupported type: {kind}", f"{where}/type")
        return
    if kind == "section" and not block.get("text") and not block.get("fields"):
        report.add("missing required field: text", where)
    _common(report, block, kind, where)
    if len(str(block.get("block_id") or "")) > 255:
        report.add("must be less than 256 characters", f"{where}/block_id")
    if kind == "section" and len(block.get("fields") or []) > 10:
        report.add("no more than 10 items allowed", f"{where}/fields")
    if kind in ELEMENT_LIMITS:
        _elements(report, block.get("elements"), ELEMENT_LIMITS[kind], f"{where}/elements")
    for part in ("accessory", "element"):
        if part in block:
            _element(report, block[part], f"{where}/{part}")


def _elements(report: Report, elements: Any, most: int, where: str) -> None:
    if not isinstance(elements, list):
        return
    if not 1 <= len(elements) <= most:
        report.add(f"must have 1 to {most} items", where)
    for number, element in enumerate(elements):
        _element(report, element, f"{where}/{number}")


def _element(report: Report, element: Any, where: str) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in ELEMENTS:
        report.add(f"unsupported type: {kind}", f"{where}/type")
        return
    _common(report, element, "select" if kind in SELECTS else kind, where)
    if len(str(element.get("action_id") or "")) > 255:
        report.add("must be less than 256 characters", f"{where}/action_id")
    if kind in COUNTS:
        groups = element.get("option_groups") or []
        options = element.get("options") or [option for group in groups for option in group.get("options") or []]
        if not 1 <= len(options) <= COUNTS[kind]:
            report.add(f"must have 1 to {COUNTS[kind]} items", f"{where}/options")
    if kind == "button" and element.get("style") not in (None, "primary", "danger"):
        report.add("must be one of: primary, danger", f"{where}/style")


def _common(report: Report, part: Json, kind: str, where: str) -> None:
    for name in REQUIRED.get(kind, ()):
        if not part.get(name):
            report.add(f"missing required field: {name}", where)
    for path, most in TEXTS.get(kind, {}).items():
        for value, pointer in _values(part, path.split("."), where):
            if not isinstance(value, str):
                report.add("must be a string", pointer)
            elif len(value) > most:
                report.add(f"must be less than {most + 1} characters", pointer)
            elif not value and path != "value":
                report.add("must be more than 0 characters", pointer)


def _values(part: Any, path: list[str], where: str) -> list[tuple[Any, str]]:
    if not path:
        return [(part, where)]
    name = path[0].removesuffix("[]")
    if not isinstance(part, dict) or part.get(name) is None:
        return []
    if name == path[0]:
        return _values(part[name], path[1:], f"{where}/{name}")
    items = enumerate(part[name])
    return [found for n, item in items for found in _values(item, path[1:], f"{where}/{name}/{n}")]


def completed(blocks: list[Json]) -> list[Json]:
    """With the block and action ids Slack makes up where the app gave none."""
    done = []
    for block in blocks:
        full = {"block_id": secrets.token_urlsafe(4), **block}
        if "elements" in full and full["type"] == "actions":
            full["elements"] = [_with_action(element) for element in full["elements"]]
        for part in ("accessory", "element"):
            if part in full:
                full[part] = _with_action(full[part])
        done.append(full)
    return done


def _with_action(element: Json) -> Json:
    return element if element["type"] == "image" else {"action_id": secrets.token_urlsafe(4), **element}


def words(blocks: list[Json]) -> str:
    """What a person reads, one line per text."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Json) -> list[str]:
    texts = [block.get("text"), *(block.get("fields") or [])]
    if block["type"] == "context":
        texts += [element.get("text") for element in block["elements"]]
    if block["type"] == "rich_text":
        texts += [_rich(element) for element in block["elements"]]
    if block["type"] == "image":
        texts.append(block.get("alt_text"))
    plain = [text.get("text") if isinstance(text, dict) else text for text in texts]
    return [str(text) for text in plain if text]


def _rich(element: Json) -> str:
    return str(element.get("text") or "") + "".join(_rich(part) for part in element.get("elements") or [])


def buttons(blocks: list[Json]) -> list[Button]:
    found = []
    for row, block in enumerate(blocks):
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*elements, *([block["accessory"]] if "accessory" in block else [])]:
            found += _pressable(element, str(block.get("block_id")), row)
    return found


def _pressable(element: Json, block_id: str, row: int) -> list[Button]:
    more = {"action_id": element.get("action_id"), "block_id": block_id, "element": element}
    if element["type"] == "button":
        data = str(element.get("value") or element.get("action_id"))
        if element.get("url"):
            more["url"] = element["url"]
        if element.get("style"):
            more["style"] = element["style"]
        return [Button(element["text"]["text"], data, "url" if element.get("url") else "action", row, more)]
    groups = element.get("option_groups") or []
    options = element.get("options") or [option for group in groups for option in group["options"]]
    return [
        Button(option["text"]["text"], option.get("value", ""), "option", row, {**more, "option": option})
        for option in options
    ]
