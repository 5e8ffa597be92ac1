"""The three headers of github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (pure)."""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def signed(message_id: str, at: int, body: bytes, secret: str) -> dict[str, str]:
    """`at`: seconds since 1970, of this attempt."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signature = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
