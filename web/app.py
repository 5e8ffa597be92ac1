"""All of HTTP as one ASGI app."""

from fastapi import FastAPI

from web import health, metrics, problems, session
from web.api import (
    catalogue,
    categories,
    completions,
    deliveries,
    describing,
    drills,
    escalations,
    lanes,
    operating,
    quarantine,
    technicians,
    ticket_files,
    ticket_numbers,
    ticket_settings,
    tickets,
    times,
    training,
    training_preview,
    training_records,
)
from web.front import in_front
from web.given import ASGIApp, Check, Web
from web.pages import approval, here, lists, now, signing_in
from web.pages import lanes as lanes_page

__all__ = ["ASGIApp", "Check", "Web", "create_app"]

ROOMS = (
    health,
    escalations,
    ticket_numbers,  # before a ticket called “stats” is looked for
    tickets,
    ticket_files,
    ticket_settings,
    technicians,
    catalogue,
    completions,
    categories,
    times,
    training,
    training_records,
    training_preview,
    drills,
    deliveries,
    lanes,
    quarantine,
    operating,
    lanes_page,
    approval,
    signing_in,
    here,
    lists,
    now,
)


def create_app(web: Web) -> ASGIApp:
    """Webhooks are dispatched before the framework: its routing would cost three times the work itself."""
    app = FastAPI(title="Callboard", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    meters = metrics.Meters(web)
    app.state.web, app.state.meters = web, meters
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", now.static)
    app.openapi = describing.described(app)  # type: ignore[method-assign]
    problems.install(app)
    session.install(app, web)
    return in_front(web.webhooks, app, meters.count, https=web.secure_cookies)
