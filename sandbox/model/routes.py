"""/model/v1 as its clients see it, and /control/model as a test does."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import bodies, gate
from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of
from sandbox.gate import Answer, Call
from sandbox.model.answers import LIES, truth
from sandbox.state import Sandbox


class ModelRefusals:
    def too_many(self, seconds: float) -> Answer:
        return _refusal(429, "Rate limit reached", {"Retry-After": str(max(1, round(seconds)))})

    def failed(self, code: int | str | None, description: str | None) -> Answer:
        return _refusal(int(code or 500), description or "The server had an error while processing your request")


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer({"error": {"message": message, "type": "error"}}, status, message, headers or {})


async def complete(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    body = await bodies.read(request)
    params = body.params
    call = Call("model", "chat/completions", "POST /chat/completions", params)
    sandbox.model.count += 1
    sandbox.model.asked.append(params)

    async def answer() -> Answer:
        return _refused(sandbox, request) or _answered(sandbox, params)

    return await gate.serve(sandbox, request, call, ModelRefusals(), answer)


def _answered(sandbox: Sandbox, params: dict[str, Any]) -> Answer:
    messages = params.get("messages")
    if not messages or params.get("model") not in sandbox.settings["model"]["models"]:
        return _refusal(404 if messages else 400, "The model does not exist" if messages else "messages is required")
    wanted = params.get("response_format") or {}
    schema = wanted.get("json_schema", {}).get("schema")
    lie = sandbox.model.next_lie()
    text = (LIES[lie] if lie else truth)(messages, schema)
    asked = sum(len(one["content"]) for one in messages) // 4
    usage = {"prompt_tokens": asked, "completion_tokens": len(text) // 4, "total_tokens": asked + len(text) // 4}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    made = {"id": f"chatcmpl-{sandbox.model.count}", "object": "chat.completion", "model": params["model"]}
    return Answer(made | {"choices": [choice], "usage": usage})


def _refused(sandbox: Sandbox, request: Request) -> Answer | None:
    key = sandbox.settings["model"]["key"]
    given = request.headers.get("authorization", "")
    return None if given == f"Bearer {key}" else _refusal(401, "Incorrect API key provided")


async def models(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    call = Call("model", "models", "GET /models", {})

    async def answer() -> Answer:
        known = [{"id": name, "object": "model"} for name in sandbox.settings["model"]["models"]]
        return _refused(sandbox, request) or Answer({"object": "list", "data": known})

    return await gate.serve(sandbox, request, call, ModelRefusals(), answer)


async def asked(request: Request) -> Response:
    """Every question in full, oldest first."""
    model = sandbox_of(request).model
    return json_response({"count": model.count, "requests": list(model.asked), "lie": model.lie})


async def order(request: Request) -> Response:
    """{"lie": "leak", "times": 1}; {"lie": null}: the truth again."""
    wanted = await json_of(request)
    lie = wanted.get("lie")
    if lie is not None and lie not in LIES:
        return json_response({"error": f"lie is one of {', '.join(LIES)}"}, 400)
    model = sandbox_of(request).model
    model.lie, model.times = lie, wanted.get("times")
    return json_response({"ok": True})


ROUTES = [
    Route("/model/v1/chat/completions", complete, methods=["POST"]),
    Route("/model/v1/models", models, methods=["GET"]),
    Route("/control/model", asked, methods=["GET"]),
    Route("/control/model", order, methods=["PUT"]),
]
