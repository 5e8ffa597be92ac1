"""All of HTTP as one ASGI app."""

from fastapi import FastAPI

from web import health, metrics, problems, session, static_files
from web.api import (
    alerts,
    answers,
    catalogue,
    categories,
    completions,
    deliveries,
    describing,
    drills,
    escalation_causes,
    escalation_numbers,
    escalation_rules,
    escalations,
    guidance,
    hand_overs,
    lanes,
    lessons,
    operating,
    playbook_runs,
    playbooks,
    policies,
    quarantine,
    service_levels,
    technicians,
    ticket_files,
    ticket_numbers,
    ticket_settings,
    tickets,
    times,
    training,
    training_preview,
    training_records,
    webhooks,
)
from web.counted import Counted
from web.front import in_front
from web.given import ASGIApp, Check, Web
from web.live import Live
from web.pages import signing_in
from web.pages.rooms import PAGES
from web.pages.visit import NotSignedIn, to_sign_in

__all__ = ["ASGIApp", "Check", "Web", "create_app"]

ROOMS = (
    health,
    escalation_causes,
    escalation_numbers,  # before an escalation called “stats” is looked for
    playbooks,
    playbook_runs,
    guidance,
    alerts,  # before an escalation called “ai-alerts” is looked for
    escalations,
    hand_overs,
    lessons,
    escalation_rules,
    policies,
    answers,
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
    webhooks,
    lanes,
    quarantine,
    service_levels,
    operating,
    *PAGES,
)


def create_app(web: Web) -> ASGIApp:
    """Webhooks are dispatched before the framework: its routing would cost three times the work itself."""
    app = FastAPI(title="Callboard", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    meters = metrics.Meters(web)
    app.state.web, app.state.meters = web, meters
    app.state.tries = signing_in.tries()
    app.state.live = Live(web.database)
    app.state.counted = Counted(web.database, web.clock, web.patience)
    web.on_stop.extend((app.state.live.close, app.state.counted.close))
    for room in ROOMS:  # as they are: `include_router` would make each route once more, and look for it in two steps
        app.router.routes.extend(room.router.routes)
    app.mount("/static", static_files.static)
    app.openapi = describing.described(app)  # type: ignore[method-assign]
    problems.install(app)
    app.add_exception_handler(NotSignedIn, to_sign_in)
    session.install(app, web)
    return in_front(web.webhooks, app, meters.count, https=web.secure_cookies)
