"""All of HTTP as one ASGI app."""

from fastapi import FastAPI

from web import health, metrics, problems
from web.front import in_front
from web.given import ASGIApp, Check, Web

__all__ = ["ASGIApp", "Check", "Web", "create_app"]


def create_app(web: Web) -> ASGIApp:
    """Webhooks are dispatched before the framework: its routing would cost three times the work itself."""
    app = FastAPI(title="Callboard", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    meters = metrics.Meters(web)
    app.state.web, app.state.meters = web, meters
    app.include_router(health.router)
    problems.install(app)
    return in_front(web.webhooks, app, meters.count, https=web.secure_cookies)
