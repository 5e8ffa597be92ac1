"""Telegram's two addresses and the table of its methods."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import bodies, gate
from sandbox.gate import Answer, Call
from sandbox.rates import Rule
from sandbox.state import Sandbox
from sandbox.telegram import about, editing, sending, updates
from sandbox.telegram.answers import TelegramRefusals, refusal

Method = Callable[[Sandbox, Call], Awaitable[Answer]]

SENDING: dict[str, Method] = {
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
}
OTHER: dict[str, Method] = {
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "getMe": about.get_me,
    "getChat": about.get_chat,
    "getFile": about.get_file,
    "setMyCommands": about.set_my_commands,
    "getMyCommands": about.get_my_commands,
    "deleteMyCommands": about.delete_my_commands,
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
}
METHODS: dict[str, tuple[str, Method]] = {name.lower(): (name, act) for name, act in (SENDING | OTHER).items()}
REFUSALS = TelegramRefusals()


async def method(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    body = await bodies.read(request)
    asked = request.path_params["method"]
    name, act = METHODS.get(asked.lower(), (asked, _unknown))
    chat = body.params.get("chat_id")
    call = Call(
        "telegram", name, f"{request.method} /{name}", body.params, body.files, None if chat is None else str(chat)
    )
    call.sends = name in SENDING
    refused = _refused(sandbox, request.path_params["token"], body.malformed)
    if call.sends and refused is None:
        call.rules = _rules(sandbox, call)

    async def answer() -> Answer:
        return refused or await act(sandbox, call)

    return await gate.serve(sandbox, request, call, REFUSALS, answer)


def _refused(sandbox: Sandbox, token: str, malformed: bool) -> Answer | None:
    if token != sandbox.settings["telegram"]["token"]:
        known_form = token.partition(":")[0].isdigit() and ":" in token
        return refusal(401, "Unauthorized") if known_form else refusal(404, "Not Found")
    return refusal(400, "Bad Request: can't parse JSON object") if malformed else None


async def _unknown(sandbox: Sandbox, call: Call) -> Answer:
    return refusal(404, "Not Found: method not found")


def _rules(sandbox: Sandbox, call: Call) -> list[Rule]:
    rates = sandbox.settings["telegram"]["rates"]
    if not rates["enforced"]:
        return []
    rules = [Rule("telegram", rates["overall"], 1.0)]
    rules.append(Rule(f"telegram:{call.chat}", rates["per_chat"], 1.0, int(rates["burst"])))
    if str(call.chat).startswith("-"):
        rules.append(Rule(f"telegram:{call.chat}:minute", rates["per_group"], 60.0))
    return rules


async def file(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    path = request.path_params["path"]
    call = Call("telegram", "file", f"GET /file/{path}", {"path": path})
    refused = _refused(sandbox, request.path_params["token"], False)

    async def answer() -> Answer:
        return refused or await about.download(sandbox, call)

    return await gate.serve(sandbox, request, call, REFUSALS, answer)


ROUTES = [
    Route("/telegram/file/bot{token}/{path:path}", file, methods=["GET"]),
    Route("/telegram/bot{token}/{method}", method, methods=["GET", "POST"]),
]
