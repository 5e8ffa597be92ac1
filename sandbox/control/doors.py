"""Small things every control route needs: its sandbox, its body, its person, its refusal."""

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox.people import Person
from sandbox.state import Sandbox


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    sandbox.base_url = str(request.base_url).rstrip("/")
    return sandbox


async def json_of(request: Request) -> Any:
    raw = await request.body()
    try:
        return orjson.loads(raw) if raw.strip() else {}
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"the body is not JSON: {error}") from None


def person_of(request: Request) -> Person:
    key = request.path_params["key"]
    person = sandbox_of(request).people.by_key.get(key)
    if person is None:
        raise HTTPException(404, f"no person {key}")
    return person


def number(request: Request, name: str, default: float = 0) -> float:
    return float(request.query_params.get(name) or default)
