"""Slack Bolt's AsyncApp between the door and intake: it knows Slack's handshakes, we take everything else."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from channels.base import Answer, FormSpec, Intake, Source
from channels.slack import forms
from channels.slack.decode import thread_of
from core.errors import Unavailable

log = logging.getLogger(__name__)

_BOLTS_OWN = logging.getLogger("slack_bolt")
_BOLTS_OWN.setLevel(logging.ERROR)  # it warns that `authorize` makes the token needless, and logs bodies

OpenForm = Callable[[str, FormSpec, str, str | None], None]
"""(trigger, form, chat, thread): the sender's `open_form`."""


def bolt_app(web: AsyncWebClient, token: str, source: Source, intake: Intake, open_form: OpenForm) -> AsyncApp:
    """Signatures are verified before Bolt sees a request, and `authorize` answers without asking Slack who we are.

    One middleware behind Bolt's own takes every kind of request, those nobody subscribed to as well: a 404 would count
    as a failed delivery. The answer waits for intake (`process_before_response`), so that a crash makes Slack repeat.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    app = AsyncApp(
        client=web,
        authorize=authorize,
        logger=_BOLTS_OWN,
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    @app.middleware
    async def take(req: AsyncBoltRequest) -> BoltResponse:
        req.context["taken"] = True
        answer = await intake(source, _raw(req))
        return _respond(req.body, answer, open_form)

    @app.error
    async def refuse(error: Exception, req: AsyncBoltRequest) -> BoltResponse:
        if isinstance(error, Unavailable):
            return BoltResponse(status=503)
        if "taken" in req.context:
            log.error("a request from Slack failed", exc_info=error)
            return BoltResponse(status=500)
        await intake(source, _raw(req))  # a shape that breaks Bolt: somebody has to look at it
        return BoltResponse(status=200)

    return app


def _raw(req: AsyncBoltRequest) -> bytes:
    """Socket Mode delivers parsed bodies."""
    return req.raw_body.encode() or orjson.dumps(req.body)


def _respond(body: Mapping[str, Any], answer: Answer, open_form: OpenForm) -> BoltResponse:
    if answer.errors and "view" in body:
        return BoltResponse(status=200, body=forms.errors(answer.errors, body["view"]))
    if answer.form and "trigger_id" in body:
        chat, thread = _where(body)
        open_form(body["trigger_id"], answer.form, chat, thread)
    return BoltResponse(status=200)


def _where(body: Mapping[str, Any]) -> tuple[str, str | None]:
    """The chat and thread a press or a slash command happened in."""
    if "container" in body:
        return body["container"]["channel_id"], thread_of(body)
    return body["channel_id"], None
