"""`GET|POST /whatsapp/webhook`: Meta's handshake, and bodies signed with the app's secret."""

import hashlib
import hmac
from urllib.parse import parse_qs

from channels.asgi import Receive, Scope, Send, header, read_body, respond
from channels.base import Intake, Source
from core.errors import Unavailable


class WhatsAppWebhook:
    def __init__(self, source: Source, app_secret: str, verify_token: str, intake: Intake) -> None:
        if not app_secret or not verify_token:
            raise ValueError("a WhatsApp webhook needs the app secret and a verify token")
        self._source, self._intake = source, intake
        self._verify_token = verify_token.encode()
        self._signing = hmac.new(app_secret.encode(), digestmod=hashlib.sha256)
        """Begun once with the secret, which is half of a signature's work."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            await self._handshake(scope, send)
        elif (body := await read_body(receive)) is None:
            await respond(send, 413)
        elif not self._signed(body, header(scope, b"x-hub-signature-256")):
            await respond(send, 401)
        else:
            await respond(send, await self._take(body))

    async def _handshake(self, scope: Scope, send: Send) -> None:
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        known = hmac.compare_digest(query.get("hub.verify_token", "").encode(), self._verify_token)
        if query.get("hub.mode") == "subscribe" and known:
            await respond(send, 200, query.get("hub.challenge", "").encode())
        else:
            await respond(send, 403)

    def _signed(self, body: bytes, signature: str) -> bool:
        signing = self._signing.copy()
        signing.update(body)
        return hmac.compare_digest(f"sha256={signing.hexdigest()}".encode(), signature.encode())

    async def _take(self, body: bytes) -> int:
        try:
            await self._intake(self._source, body)
        except Unavailable:
            return 503
        return 200
