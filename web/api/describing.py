"""The description at /api/openapi.json: FastAPI's own, with errors as they really look."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

REFUSALS = {
    401: "No token, or one that is unknown",
    403: "Not for the token's role, or outside its units",
    404: "Not there, or another client's",
    409: "Somebody was first, or the state does not allow it; says who and since when",
    422: "Something is wrong in what was sent; names the field",
}
NOT_OURS = ("HTTPValidationError", "ValidationError")


class WrongField(BaseModel):
    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `detail` is a sentence for a person; `field` names what is wrong, `errors` all of it."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[WrongField] | None = None


def described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    return describe


def _describe(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = description["components"]["schemas"]
    for name in NOT_OURS:
        schemas.pop(name, None)
    template = "#/components/schemas/{model}"
    problem = Problem.model_json_schema(ref_template=template)
    schemas |= problem.pop("$defs") | {"Problem": problem}
    content = {"application/problem+json": {"schema": {"$ref": template.format(model="Problem")}}}
    for operations in description["paths"].values():
        for method, operation in operations.items():
            for status, words in REFUSALS.items():
                operation["responses"][str(status)] = {"description": words, "content": content}
            if method != "post":
                asked = operation.get("parameters", [])
                operation["parameters"] = [one for one in asked if one["name"] != "Idempotency-Key"]
    return description
