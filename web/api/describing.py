"""The description at /api/openapi.json: FastAPI's own, with errors as they really look, and an example of everything."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.alias_generators import to_camel, to_pascal

from web.api.examples import example_of, parameter_example
from web.api.summaries import SUMMARIES

Described = dict[str, Any]

REFUSALS = {
    401: ("No token, or one that is unknown", "Send a token: “Authorization: Bearer cb_…”."),
    403: (
        "Not for the token's role, or outside its units",
        "You may not see that. This is for a dispatcher or an admin.",
    ),
    404: ("Not there, or another client's", "There is nothing with this reference."),
    409: (
        "Somebody was first, or the state does not allow it; says who and since when",
        "Ana Ruiz has it since 10:42. Ask her, or a lead to reassign it.",
    ),
    413: ("The body is too long", "The body may have 2 MB at most, a photo 20 MB."),
    422: (
        "Something is wrong in what was sent; names the field",
        "“limit”: Input should be less than or equal to 200.",
    ),
    503: ("The database cannot take it at the moment", "Nothing was stored; try again in a few seconds."),
}
NOT_OURS = ("HTTPValidationError", "ValidationError")
TEMPLATE = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"


class WrongField(BaseModel):
    field: str
    detail: str


class WrongRow(BaseModel):
    line: int
    column: str
    reason: str


class Problem(BaseModel):
    """RFC 9457. `detail` is a sentence for a person; `field` names what is wrong, `errors` all of it, `bad` every wrong row of what
    was pushed."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[WrongField] | None = None
    bad: list[WrongRow] | None = None


def described(app: FastAPI) -> Callable[[], Described]:
    def describe() -> Described:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    return describe


def _describe(app: FastAPI) -> Described:
    description = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = description["components"]["schemas"]
    for name in NOT_OURS:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template=TEMPLATE)
    schemas |= problem.pop("$defs") | {"Problem": problem}
    description["components"]["schemas"] = schemas = _renamed(schemas)
    description["paths"] = {_camel(path): _renamed(ways) for path, ways in description["paths"].items()}
    for path, method, operation in _operations(description):
        operation["summary"] = SUMMARIES.get(f"{method.upper()} {path}", operation["summary"])
        _describe_parameters(path, method, operation)
        _describe_answers(operation, schemas)
    return description


def _operations(description: Described) -> Iterator[tuple[str, str, Described]]:
    """Path without /api, method and what is said of it."""
    for path, ways in description["paths"].items():
        for method, operation in ways.items():
            yield path.removeprefix("/api"), method, operation


def _camel(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: f"{{{to_camel(found[1])}}}", path)


def _renamed(said: Any) -> Any:
    """Where two models of a name are in one API, FastAPI puts the whole path of the module before it: we, its last part."""
    if isinstance(said, dict):
        return {_short(name): _renamed(inner) for name, inner in said.items()}
    if isinstance(said, list):
        return [_renamed(inner) for inner in said]
    return _short(said) if isinstance(said, str) else said


def _short(name: str) -> str:
    return re.sub(r"web__api__(\w+?)__(\w+)", lambda found: f"{to_pascal(found[1])}{found[2]}", name)


def _describe_parameters(path: str, method: str, operation: Described) -> None:
    asked = operation.get("parameters", [])
    operation["parameters"] = [one for one in asked if method == "post" or one["name"] != "Idempotency-Key"]
    for one in operation["parameters"]:
        one["name"] = to_camel(one["name"]) if one["in"] == "path" else one["name"]
        example = parameter_example(path, one["name"])
        if example is not None:
            one["example"] = example


def _describe_answers(operation: Described, schemas: dict[str, Described]) -> None:
    for status, (words, sentence) in REFUSALS.items():
        content = {"schema": {"$ref": TEMPLATE.format(model="Problem")}, "example": _problem(status, sentence)}
        operation["responses"][str(status)] = {"description": words, "content": {PROBLEM: content}}
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            if "example" not in content and content.get("schema"):
                content["example"] = example_of(content["schema"], schemas)


def _problem(status: int, sentence: str) -> Described:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
