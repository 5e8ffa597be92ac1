"""Acting as a person: /control/people/{key}/{platform}/{act}."""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import bodies
from sandbox.acting import Act, CannotAct, Done, Given
from sandbox.bodies import json_response
from sandbox.control.doors import json_of, person_of, sandbox_of
from sandbox.delivery import Outcome
from sandbox.slack.acts import ACTS as SLACK
from sandbox.telegram.acts import ACTS as TELEGRAM
from sandbox.whatsapp.acts import ACTS as WHATSAPP

ACTS: dict[str, dict[str, Act]] = {"telegram": TELEGRAM, "slack": SLACK, "whatsapp": WHATSAPP}
NO = {False, "false", "0"}


async def act(request: Request) -> Response:
    sandbox, person, known = sandbox_of(request), person_of(request), ACTS.get(request.path_params["platform"])
    if known is None:
        raise HTTPException(404, "platform is telegram, slack or whatsapp")
    if request.path_params["act"] not in known:
        raise HTTPException(404, f"one of: {', '.join(known)}")
    given = await _given(request)
    try:
        done = await known[request.path_params["act"]](sandbox, person, given)
    except CannotAct as refusal:
        return json_response({"error": refusal.why, **refusal.more}, refusal.status)
    wait = given.body.get("wait", request.query_params.get("wait", True))
    return json_response(await _report(done, wait not in NO))


async def _given(request: Request) -> Given:
    if request.headers.get("content-type", "").startswith("multipart/"):
        body = await bodies.read(request)
        return Given(body.params, body.files)
    return Given(await json_of(request))


async def _report(done: Done, wait: bool) -> dict[str, Any]:
    outcomes = await asyncio.gather(*(parcel.outcome() for parcel in done.deliveries)) if wait else []
    facts: dict[str, Any] = {"status": None, **_of(outcomes[0])} if outcomes else {"status": None}
    if len(outcomes) > 1:
        facts["statuses"] = [outcome.status for outcome in outcomes]
    event = {**done.event, **facts}
    return {"event": event, "status": facts["status"], **({"errors": event["errors"]} if "errors" in event else {})}


def _of(outcome: Outcome) -> dict[str, Any]:
    facts: dict[str, Any] = {"status": outcome.status}
    if outcome.note:
        facts["note"] = outcome.note
    if outcome.body:
        facts["answer"] = outcome.body.decode(errors="replace")[:2000]
    return facts


ROUTES = [Route("/control/people/{key}/{platform}/{act}", act, methods=["POST"])]
