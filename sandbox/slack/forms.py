"""Filling in a modal as its reader would: values by block id, action id or label, and what Slack's client checks."""

from typing import Any

Json = dict[str, Any]

PLAIN = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
ONE_OPTION = {"static_select", "radio_buttons", "external_select"}
SEVERAL_OPTIONS = {"multi_static_select", "checkboxes"}
SEVERAL_PLAIN = {"multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations"}
INITIAL = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
    "selected_date_time": "initial_date_time",
    "selected_conversation": "initial_conversation",
    "selected_channel": "initial_channel",
}
MISSING = "Please complete this required field."


class UnknownField(ValueError):
    """Names a given value that no block of the modal takes."""


def fields(view: Json) -> list[Json]:
    """The inputs of a view in reading order, as a page or a test wants to know them."""
    found = []
    for block in view["blocks"]:
        for element in _elements(block):
            if element["type"] in PLAIN or element["type"] in ONE_OPTION | SEVERAL_OPTIONS | set(SEVERAL_PLAIN):
                found.append(_field(block, element))
    return found


def _elements(block: Json) -> list[Json]:
    parts = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
    return [part for part in parts if isinstance(part, dict) and part.get("type")]


def _field(block: Json, element: Json) -> Json:
    groups = element.get("option_groups") or []
    options = element.get("options") or [option for group in groups for option in group["options"]]
    return {
        "block_id": block["block_id"],
        "action_id": element.get("action_id"),
        "label": (block.get("label") or {}).get("text") or "",
        "hint": (block.get("hint") or {}).get("text"),
        "type": element["type"],
        "optional": bool(block.get("optional")) or block["type"] != "input",
        "multiline": bool(element.get("multiline")),
        "options": [{"label": option["text"]["text"], "value": option.get("value")} for option in options],
        "initial": value_of(element, None),
        "element": element,
    }


def state_of(view: Json, values: Json) -> tuple[Json, dict[str, str]]:
    """Slack's state.values and the complaints its client makes before anything is sent, by block id."""
    left = dict(values)
    state: Json = {}
    errors: dict[str, str] = {}
    for field in fields(view):
        given = next(
            (left.pop(name) for name in (field["block_id"], field["action_id"], field["label"]) if name in left), None
        )
        value = value_of(field["element"], given)
        state.setdefault(field["block_id"], {})[field["action_id"]] = value
        if complaint := _complaint(field, value):
            errors[field["block_id"]] = complaint
    if left:
        raise UnknownField(
            f"no field {', '.join(map(repr, left))}; there are {[f['label'] or f['block_id'] for f in fields(view)]}"
        )
    return state, errors


def value_of(element: Json, given: Any) -> Json:
    kind = element["type"]
    if kind in PLAIN:
        name = PLAIN[kind]
        value = element.get(INITIAL[name]) if given is None else given
        return {"type": kind, name: str(value) if name == "value" and value is not None else value}
    if kind in SEVERAL_PLAIN:
        return {"type": kind, SEVERAL_PLAIN[kind]: list(given or [])}
    if kind in SEVERAL_OPTIONS:
        wanted = given if isinstance(given, list) else [given] if given is not None else None
        chosen = element.get("initial_options") or [] if wanted is None else [_option(element, each) for each in wanted]
        return {"type": kind, "selected_options": chosen}
    return {
        "type": kind,
        "selected_option": element.get("initial_option") if given is None else _option(element, given),
    }


def _option(element: Json, wanted: Any) -> Json:
    groups = element.get("option_groups") or []
    options = element.get("options") or [option for group in groups for option in group["options"]]
    for option in options:
        if str(wanted).casefold() in (str(option.get("value")).casefold(), option["text"]["text"].casefold()):
            return {"text": option["text"], "value": option.get("value")}
    raise UnknownField(f"no option {wanted!r}; there are {[option['text']['text'] for option in options]}")


def _complaint(field: Json, value: Json) -> str | None:
    content = next(content for name, content in value.items() if name != "type")
    element = field["element"]
    if content in (None, "", []):
        return None if field["optional"] else MISSING
    if element["type"] == "plain_text_input":
        if len(content) < int(element.get("min_length") or 0):
            return f"Must be at least {element['min_length']} characters."
        if len(content) > int(element.get("max_length") or 3000):
            return f"Must be at most {element.get('max_length') or 3000} characters."
    return None
