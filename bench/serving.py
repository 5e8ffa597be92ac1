"""`python -m bench.serving program|hand|bare URL PORT`: a server to be measured, in a process of its own.

`program` is the web part as `callboard serve --only web` runs it; `bare` verifies the signature, parses and answers 200; `hand`
runs the statements of the program besides (bench/webhooks_by_hand.py).
"""

import hmac
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from pydantic import SecretStr

from bench.signing import SECRET, sign
from bench.webhooks_by_hand import ByHand
from bot.serve import begin, keep_still, serve
from bot.settings import Settings

NUMBER = "100200300"


def settings_for(url: str, port: int) -> Settings:
    return Settings(
        database_url=url,
        http_port=port,
        log_level="ERROR",
        whatsapp_access_token=SecretStr("bench"),
        whatsapp_phone_number_id=NUMBER,
        whatsapp_app_secret=SecretStr(SECRET),
        whatsapp_verify_token=SecretStr("bench"),
        whatsapp_api_url="http://127.0.0.1:9",
    )


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    given = dict(scope["headers"]).get(b"x-hub-signature-256", b"").decode()
    status = 401
    if hmac.compare_digest(given, sign(body)):
        orjson.loads(body)
        status = 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def server(kind: str, url: str, port: int) -> Iterator[int]:
    """The id of its process."""
    process = subprocess.Popen((sys.executable, "-m", "bench.serving", kind, url, str(port)))
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"the {kind} server ended with {process.returncode}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError):
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        connection.request("POST", "/whatsapp/webhook", b"{}")
        return connection.getresponse().status == 401
    return False


def main(kind: str, url: str, port: int) -> None:
    if kind == "program":
        begin(serve(settings_for(url, port), only=frozenset({"web"})))
    else:
        keep_still()
        application = ByHand(Path(url.removeprefix("sqlite:///"))) if kind == "hand" else bare
        uvicorn.run(application, port=port, log_config=None, access_log=False, lifespan="off")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
