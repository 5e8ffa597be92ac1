"""Reading what the WhatsApp stand-in answers and sends."""

from collections.abc import Callable
from typing import Any

import requests

from tests.sandbox.serving import Received

HEADERS = {"Authorization": "Bearer sandbox-whatsapp-token"}
ANA = "351910000001"
Send = Callable[..., requests.Response]


def error_of(response: requests.Response) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert error["fbtrace_id"]
    return error


def value_of(request: Received) -> dict[str, Any]:
    value: dict[str, Any] = request.json["entry"][0]["changes"][0]["value"]
    return value


def statuses(requests_: list[Received]) -> list[dict[str, Any]]:
    return [status for request in requests_ for status in value_of(request).get("statuses", [])]
