"""Reading a request whatever style its client prefers: query, urlencoded, multipart or JSON."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str | None
    data: bytes


@dataclass
class Body:
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    malformed: bool = False


async def read(request: Request) -> Body:
    body = Body(params=dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        await _read_form(request, body)
    elif kind == "application/json":
        _read_json(await request.body(), body)
    return body


async def _read_form(request: Request, body: Body) -> None:
    async with request.form(max_part_size=8 * 1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                body.files[name] = Upload(value.filename or name, value.content_type, await value.read())
            else:
                body.params[name] = value


def _read_json(raw: bytes, body: Body) -> None:
    try:
        parsed = orjson.loads(raw) if raw.strip() else {}
    except orjson.JSONDecodeError:
        parsed = None
    if isinstance(parsed, dict):
        body.params.update(parsed)
    else:
        body.malformed = True


def parsed(value: Any) -> Any:
    """A nested object, whether it came as JSON text inside a form or as itself; None when it is not readable."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content, default=str), status, headers, "application/json; charset=utf-8")
