"""The application: three stand-ins, the control API and the page on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.bodies import json_response
from sandbox.control import (
    acts,
    configuration,
    disturbances,
    injection,
    people,
    registration,
    sightings,
    stream,
    time,
)
from sandbox.model.routes import ROUTES as MODEL
from sandbox.slack.routes import ROUTES as SLACK
from sandbox.state import Sandbox
from sandbox.telegram.routes import ROUTES as TELEGRAM
from sandbox.whatsapp.routes import ROUTES as WHATSAPP

PAGE = Path(__file__).parent / "page"
CONTROL = [
    *configuration.ROUTES,
    *people.ROUTES,
    *sightings.ROUTES,
    *acts.ROUTES,
    *disturbances.ROUTES,
    *injection.ROUTES,
    *registration.ROUTES,
    *stream.ROUTES,
    *time.ROUTES,
]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.sandbox.delivery.close()


async def _health(request: Request) -> Response:
    return json_response({"ok": True})


async def _refused(request: Request, error: Exception) -> Response:
    status, why = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, str(error))
    return json_response({"error": why}, status)


async def _failed(request: Request, error: Exception) -> Response:
    """A posted body of the wrong shape; a stand-in that stumbles is a mistake of ours and stays loud."""
    if not request.url.path.startswith("/control"):
        raise error
    return json_response({"error": "the body is not what this address expects", "detail": repr(error)}, 400)


UNREADABLE = dict.fromkeys((KeyError, TypeError, ValueError), _failed)


def create_app() -> Starlette:
    """All state hangs on `app.state.sandbox`."""
    routes = [
        Mount("/page", StaticFiles(directory=PAGE, html=True, check_dir=False)),
        Route("/healthz", _health),
        *CONTROL,
        *TELEGRAM,
        *SLACK,
        *WHATSAPP,
        *MODEL,
        Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False)),
    ]
    app = Starlette(routes=routes, lifespan=_lifespan, exception_handlers={HTTPException: _refused, **UNREADABLE})
    app.state.sandbox = Sandbox()
    return app
