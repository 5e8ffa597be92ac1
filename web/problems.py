"""Errors as RFC 9457 problems with a sentence for a person; the pages show the same sentence in HTML."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from core.errors import DomainError, Unavailable
from core.imports import ImportRefused
from web.pages.rendering import sentence_page

log = structlog.get_logger()

NOT_HERE = "There is nothing at this address."
BUSY = "The database cannot take it at the moment. Nothing was stored; try again in a few seconds."
OUR_FAULT = "Something went wrong on our side; it was written down."
NO_JSON = "The body is no JSON."
SENTENCES = {404: NOT_HERE, 405: "This address does not understand that method."}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(
    status: int, detail: str, *, field: str | None = None, headers: dict[str, str] | None = None, **more: Any
) -> ProblemResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if field:
        body["field"] = field
    return ProblemResponse(body | more, status, headers)


def is_api(connection: HTTPConnection) -> bool:
    path: str = connection.scope["path"]
    return path.startswith("/api/") or path == "/api"


def install(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Exception, _broken)


def answer(request: Request, status: int, detail: str, **more: Any) -> Response:
    if is_api(request):
        return problem(status, detail, **more)
    return sentence_page(status, detail)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    bad = {"bad": [asdict(row) for row in error.bad]} if isinstance(error, ImportRefused) else {}
    return answer(request, error.status, error.sentence, field=error.field, **bad)


async def _misread(request: Request, error: Exception) -> Response:
    """The first wrong field in the sentence, all of them in `errors`."""
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": _field(one["loc"]), "detail": _sentence(one)} for one in error.errors()]
    first = wrong[0]
    if request.url.path.startswith("/api/"):
        return problem(422, first["detail"], field=first["field"], errors=wrong)
    return answer(request, 422, first["detail"])


def _field(location: tuple[int | str, ...]) -> str:
    """('body', 'partsUsed', 0, 'quantity') -> 'partsUsed[0].quantity'."""
    name = ""
    for part in location[1:]:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name or str(location[0])


def _sentence(error: dict[str, Any]) -> str:
    field = _field(error["loc"])
    if error["type"] == "missing":
        return f"“{field}” is missing."
    if error["type"] == "json_invalid":
        return NO_JSON
    if error["type"] == "extra_forbidden":
        return f"“{field}” is not known here."
    return f"“{field}”: {str(error['msg']).removeprefix('Value error, ').rstrip('.')}."


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and is_api(request):  # the framework's word for a body that is not even text
        return answer(request, 422, NO_JSON, field="body")
    headers = dict(error.headers) if error.headers else None
    stock = error.detail == HTTPStatus(error.status_code).phrase
    detail = SENTENCES.get(error.status_code, error.detail) if stock else error.detail
    return answer(request, error.status_code, detail, **({"headers": headers} if headers else {}))


async def _unavailable(request: Request, error: Exception) -> Response:
    log.error("the database cannot take it", exc_info=error)
    return answer(request, 503, BUSY, **({"headers": {"retry-after": "5"}} if is_api(request) else {}))


async def _broken(request: Request, error: Exception) -> Response:
    log.error("a request failed", path=request.url.path, exc_info=error)
    return answer(request, 500, OUR_FAULT)
