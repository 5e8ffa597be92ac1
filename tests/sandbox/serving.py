"""Real servers for the sandbox's tests: the sandbox itself, and something that stands for the program."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import orjson
import requests
import uvicorn


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The app under uvicorn in a thread; yields its address."""
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The JSON body, or the one inside `payload=`."""
        form = parse_qs(self.body.decode()) if self.body.startswith(b"payload=") else {}
        return orjson.loads(form["payload"][0] if form else self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Program:
    """Accepts every webhook unless an answer was laid ready: (status, body, headers, seconds late)."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: deque[tuple[int, bytes, dict[str, str], float]] = field(default_factory=deque)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def will_answer(self, status: int, body: Any = b"", late: float = 0.0, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        self.answers.append((status, raw, {name.replace("_", "-"): value for name, value in headers.items()}, late))

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Received]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= count, seconds), self.received
            return list(self.received)

    def take(self, request: Received) -> tuple[int, bytes, dict[str, str], float]:
        with self.arrived:
            self.received.append(request)
            self.arrived.notify_all()
            return self.answers.popleft() if self.answers else (200, b"", {}, 0.0)


@contextmanager
def program() -> Iterator[Program]:
    stand_in = Program()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content, extra, late = stand_in.take(Received(self.command, self.path, headers, body))
            time.sleep(late)
            self.send_response(status)
            for name, value in {**extra, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _handle  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    yield stand_in
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Control:
    """The control API; every call says which status it expects."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: Any = None, expect: int = 200, **query: Any) -> Any:
        response = self.session.request(method, f"{self.url}/control{path}", json=body, params=query, timeout=30)
        assert response.status_code == expect, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, **query)

    def put(self, path: str, body: Any, expect: int = 200) -> Any:
        return self.call("PUT", path, body, expect)

    def post(self, path: str, body: Any = None, expect: int = 200) -> Any:
        return self.call("POST", path, body or {}, expect)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def act(self, person: str, platform: str, act: str, expect: int = 200, **given: Any) -> Any:
        answer = self.post(f"/people/{person}/{platform}/{act}", given, expect)
        return answer["event"] if expect == 200 else answer

    def messages(self, person: str, platform: str, **query: Any) -> list[Any]:
        found: list[Any] = self.get(f"/people/{person}/messages", platform=platform, **query)["messages"]
        return found

    def traffic(self, **query: Any) -> list[Any]:
        entries: list[Any] = self.get("/traffic", **query)["traffic"]
        return entries

    def fault(self, platform: str, kind: str, **more: Any) -> Any:
        return self.call("POST", "/faults", {"platform": platform, "kind": kind, **more}, 201)

    def advance(self, seconds: float) -> Any:
        return self.post("/clock", {"advanceSeconds": seconds})
