"""For machines that watch: alive, ready, and the numbers."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from web.given import web_of

router = APIRouter(include_in_schema=False)


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> PlainTextResponse:
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def readyz(request: Request) -> JSONResponse:
    """503 as long as one check is not ok; the body names all of them."""
    checks = await web_of(request).checks()
    ready = all(check.ok for check in checks)
    body = {
        "ready": ready,
        "checks": [{"name": check.name, "ok": check.ok, "sentence": check.sentence} for check in checks],
        "notOk": [check.sentence for check in checks if not check.ok],
    }
    return JSONResponse(body, 200 if ready else 503)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    text = await request.app.state.meters.render()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
