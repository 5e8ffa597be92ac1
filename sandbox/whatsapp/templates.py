"""Message templates: what is registered, and a template message filled in or refused."""

import re
from typing import Any

from sandbox.chats import Button
from sandbox.state import Sandbox
from sandbox.whatsapp.errors import refuse
from sandbox.whatsapp.state import Template

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FORBIDDEN = re.compile(r"[\n\t\r]| {5,}")
LONGEST_BODY = 1024
LONGEST_PART = 60
MOST_QUICK_REPLIES = 10
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
UNUSABLE = {"PAUSED": 132015, "DISABLED": 132016, "REJECTED": 132001, "PENDING": 132001}

Json = dict[str, Any]


class BadTemplate(ValueError):
    """Says what Meta's review would refuse."""


def register(sandbox: Sandbox, name: str, language: str, given: Json) -> Template:
    fields = {key: value for key, value in given.items() if key in Template.__dataclass_fields__}
    fields["quick_replies"] = tuple(given.get("quick_replies") or ())
    fields["category"] = str(given.get("category") or "UTILITY").upper()
    fields["status"] = str(given.get("status") or "APPROVED").upper()
    template = Template(**{**fields, "name": name, "language": language})
    _reviewed(template)
    sandbox.whatsapp.templates[name, language] = template
    return template


def _reviewed(template: Template) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,512}", template.name):
        raise BadTemplate("a template name holds lower case letters, digits and _")
    if template.category not in CATEGORIES:
        raise BadTemplate(f"category is one of {', '.join(CATEGORIES)}")
    if not 1 <= len(template.body) <= LONGEST_BODY:
        raise BadTemplate(f"the body holds 1 to {LONGEST_BODY} characters")
    if len(template.header or "") > LONGEST_PART or len(template.footer or "") > LONGEST_PART:
        raise BadTemplate(f"header and footer hold {LONGEST_PART} characters at most")
    if len(template.quick_replies) > MOST_QUICK_REPLIES or any(len(label) > 25 for label in template.quick_replies):
        raise BadTemplate("at most 10 quick replies of 25 characters")
    numbers = [int(name) for name in _names(template.body) if name.isdigit()]
    if numbers and sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise BadTemplate("the parameters of the body are not numbered 1, 2, 3 ...")


def fill(sandbox: Sandbox, message: Json) -> tuple[Template, str, list[Button]]:
    """The text and buttons the person gets."""
    wanted = message["template"]
    language = wanted.get("language")
    code = language.get("code") if isinstance(language, dict) else language
    if not wanted.get("name") or not code:
        raise refuse(131008, "Required parameter 'template.name' or 'template.language.code' is missing")
    template = sandbox.whatsapp.templates.get((str(wanted["name"]), str(code)))
    if template is None:
        raise refuse(132001, f"template name ({wanted['name']}) does not exist in {code}")
    if template.status in UNUSABLE:
        raise refuse(UNUSABLE[template.status], f"template {template.name} is {template.status.lower()}")
    components = [part for part in wanted.get("components") or [] if isinstance(part, dict)]
    parts = [
        _filled("header", template.header or "", components),
        _filled("body", template.body, components),
        template.footer or "",
    ]
    if len(parts[1]) > LONGEST_BODY:
        raise refuse(132005, f"body text is too long: {len(parts[1])}")
    return template, "\n".join(filter(None, parts)), _buttons(template, components)


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def _filled(part: str, text: str, components: list[Json]) -> str:
    given = [p for c in components if str(c.get("type")).lower() == part for p in c.get("parameters") or []]
    names = _names(text)
    if len(given) != len(names):
        details = f"{part}: number of localizable_params ({len(given)}) does not match"
        raise refuse(132000, f"{details} the expected number of params ({len(names)})")
    values: dict[str, str] = {}
    for name, parameter in zip(names, given, strict=True):
        values[str(parameter.get("parameter_name") or name)] = _value(part, parameter)
    if set(values) != set(names):
        raise refuse(132012, f"{part}: parameter names {sorted(values)} do not match {sorted(names)}")
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _value(part: str, parameter: Json) -> str:
    if parameter.get("type") != "text" or not isinstance(parameter.get("text"), str) or not parameter["text"]:
        raise refuse(132012, f"{part}: a parameter of type text with a text was expected")
    if FORBIDDEN.search(parameter["text"]):
        raise refuse(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return str(parameter["text"])


def _buttons(template: Template, components: list[Json]) -> list[Button]:
    payloads: dict[int, str] = {}
    for component in components:
        if str(component.get("type")).lower() == "button":
            parameters = component.get("parameters") or [{}]
            payloads[int(component.get("index") or 0)] = str(parameters[0].get("payload") or "")
    if any(index >= len(template.quick_replies) for index in payloads):
        raise refuse(132018, "buttons: the template has fewer buttons")
    return [
        Button(label, payloads.get(index) or label, "template", index)
        for index, label in enumerate(template.quick_replies)
    ]
