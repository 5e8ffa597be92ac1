"""Updates on their way to the bot: the queue, getUpdates, and the webhook."""

import asyncio
import contextlib
from typing import Any

import orjson

from sandbox.bodies import parsed
from sandbox.delivery import Manner, Outcome, Parcel
from sandbox.gate import Answer, Call, Refused
from sandbox.state import Sandbox
from sandbox.telegram.answers import bad_request, ok, refusal

LEFT_OUT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_DELAYS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 60.0, 60.0, 60.0)
LONGEST_POLL = 50.0
MOST_UPDATES = 100


def push(sandbox: Sandbox, kind: str, payload: Any, chat: str) -> Parcel | None:
    """None when nobody is told at once: the bot polls, or did not ask for this kind."""
    state = sandbox.telegram
    if kind not in state.allowed_updates if state.allowed_updates else kind in LEFT_OUT_BY_DEFAULT:
        return None
    update = {"update_id": state.next_update_id(), kind: payload}
    return inject(sandbox, update, chat)


def inject(sandbox: Sandbox, update: dict[str, Any], chat: str | None = None) -> Parcel | None:
    """Puts exactly this update into the queue."""
    state = sandbox.telegram
    state.pending[int(update["update_id"])] = update
    state.arrived.set()
    return _post(sandbox, update, chat) if webhook_url(sandbox) else None


def webhook_url(sandbox: Sandbox) -> str | None:
    return sandbox.telegram.webhook_url or sandbox.settings["telegram"]["webhook_url"] or None


def manner(sandbox: Sandbox) -> Manner:
    def headers(_body: bytes, _attempt: int, _reason: str | None) -> dict[str, str]:
        secret = sandbox.telegram.webhook_secret or sandbox.settings["telegram"]["webhook_secret"]
        return {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})

    return Manner(lambda: webhook_url(sandbox), headers, WEBHOOK_DELAYS, timeout=60.0, holds=True)


def _post(sandbox: Sandbox, update: dict[str, Any], chat: str | None) -> Parcel:
    state, update_id = sandbox.telegram, int(update["update_id"])

    def after(outcome: Outcome) -> None:
        if outcome.accepted:
            state.pending.pop(update_id, None)
        else:
            why = outcome.note or f"Wrong response from the webhook: {outcome.status}"
            state.webhook_error = int(sandbox.clock.now()), why

    def still_wanted() -> bool:
        return update_id in state.pending and webhook_url(sandbox) is not None

    body = orjson.dumps(update)
    parcel = Parcel("telegram", "update", chat, body, manner(sandbox), after=after, still_wanted=still_wanted)
    return sandbox.delivery.post(parcel)


def flush(sandbox: Sandbox) -> None:
    """After an address was set: everything that waited goes there."""
    if webhook_url(sandbox):
        for update in list(sandbox.telegram.pending.values()):
            _post(sandbox, update, None)
    sandbox.delivery.configured()


async def get_updates(sandbox: Sandbox, call: Call) -> Answer:
    if webhook_url(sandbox):
        raise _conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _remember_allowed(sandbox, call)
    state = sandbox.telegram
    state.poll += 1
    mine = state.poll
    state.arrived.set()
    confirm(sandbox, _number(call, "offset", 0))
    await _something(sandbox, mine, min(_number(call, "timeout", 0), LONGEST_POLL))
    limit = min(max(_number(call, "limit", MOST_UPDATES), 1), MOST_UPDATES)
    return ok(list(state.pending.values())[:limit])


async def _something(sandbox: Sandbox, mine: int, seconds: float) -> None:
    """Waits for an update; ends early when the sandbox was reset or goes down, raises when a newer poll took over."""
    state, loop = sandbox.telegram, asyncio.get_running_loop()
    end = loop.time() + seconds
    while not state.pending and (left := end - loop.time()) > 0:
        state.arrived.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(state.arrived.wait(), left)
        if state is not sandbox.telegram or sandbox.changes.closed:
            return
        if state.poll != mine:
            raise _conflict("terminated by other getUpdates request; make sure that only one bot instance is running")


def confirm(sandbox: Sandbox, offset: int) -> None:
    """A positive offset forgets all before it; a negative one all but the last -offset."""
    pending = sandbox.telegram.pending
    keys = list(pending)
    gone = [key for key in keys if key < offset] if offset >= 0 else keys[:offset]
    for key in gone:
        del pending[key]


async def set_webhook(sandbox: Sandbox, call: Call) -> Answer:
    url, state = str(call.params.get("url") or ""), sandbox.telegram
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _remember_allowed(sandbox, call)
    _drop_pending(sandbox, call)
    state.webhook_url, state.webhook_secret = url or None, call.params.get("secret_token") or None
    state.arrived.set()
    flush(sandbox)
    return Answer({"ok": True, "result": True, "description": "Webhook was set" if url else "Webhook was deleted"})


async def delete_webhook(sandbox: Sandbox, call: Call) -> Answer:
    _drop_pending(sandbox, call)
    sandbox.telegram.webhook_url = sandbox.telegram.webhook_secret = None
    sandbox.settings["telegram"]["webhook_url"] = None
    return Answer({"ok": True, "result": True, "description": "Webhook was deleted"})


async def get_webhook_info(sandbox: Sandbox, call: Call) -> Answer:
    state = sandbox.telegram
    info: dict[str, Any] = {
        "url": webhook_url(sandbox) or "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
        "max_connections": 40,
    }
    if state.webhook_error:
        info["last_error_date"], info["last_error_message"] = state.webhook_error
    if state.allowed_updates:
        info["allowed_updates"] = state.allowed_updates
    return ok(info)


def _remember_allowed(sandbox: Sandbox, call: Call) -> None:
    """Not given: the last list stays; an empty one: back to the default."""
    allowed = parsed(call.params.get("allowed_updates"))
    if isinstance(allowed, list):
        sandbox.telegram.allowed_updates = [str(kind) for kind in allowed] or None


def _drop_pending(sandbox: Sandbox, call: Call) -> None:
    if str(call.params.get("drop_pending_updates")).lower() in ("true", "1"):
        sandbox.telegram.pending.clear()


def _number(call: Call, name: str, default: int) -> int:
    try:
        return int(float(call.params.get(name) or default))
    except (TypeError, ValueError):
        return default


def _conflict(description: str) -> Refused:
    return Refused(refusal(409, f"Conflict: {description}"))
