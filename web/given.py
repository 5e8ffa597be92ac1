"""What the program hands in: nothing here reads settings, and nothing here reaches up into the program."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry
from starlette.requests import HTTPConnection

from channels.asgi import Receive, Scope, Send
from channels.model.model import Model
from core.clock import Clock
from core.database import Database
from core.media.store import Store
from core.outbox.planned import Plan

if TYPE_CHECKING:
    from web.oidc import Provider

PATIENCE = 0.05
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be right before the program can do its work; `sentence` says how it stands, for a person."""

    name: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class LaneAccount:
    """One outgoing account. `client`: code of the client it belongs to, empty: everybody's. `limits`: sentences; `recipients`: how
    many people it may begin to write to in a day, 0: as many as it likes."""

    name: str
    client: str = ""
    limits: tuple[str, ...] = ()
    recipients: int = 0


@dataclass(frozen=True, slots=True)
class Web:
    """`webhooks`: exact path -> bare ASGI app. `replay(quarantine_id)`; `run_due()` after the clock was moved; `run_job(name)`
    with the timetable's names; `read_rows(file, kind of row)`: of an import
    file (raises ImportRefused); `preview(client_id, change, at_next)`: of a training run; `send_test(channel, address, text)` ->
    the platform's id of the message (raises SendFailure). `find_file(media id)` -> where it is stored, None while it is being
    fetched (raises PermanentFailure). `channels`: channel -> masked description. `patience`: seconds that a page waits for numbers
    that are counted over very many rows. `private_webhooks`: they may go into private networks. `registry`: where other rooms may
    put their own metrics. `on_stop`: called when the server is told to stop, before it waits for what is under way."""

    database: Database
    clock: Clock
    webhooks: Mapping[str, ASGIApp]
    secret_key: str
    cron_secret: str
    base_url: str
    secure_cookies: bool
    may_move_clock: bool
    checks: Callable[[], Awaitable[list[Check]]]
    replay: Callable[[int], Awaitable[None]]
    run_due: Callable[[], Awaitable[object]]
    run_job: Callable[[str], Awaitable[object]]
    send_test: Callable[[str, str, str], Awaitable[str]]
    find_file: Callable[[int], Awaitable[Path | None]]
    store: Store
    preview: Callable[[int, Any, bool], Awaitable[Plan]]
    read_rows: Callable[[Path, type[Any]], tuple[Any, ...]]
    channels: Mapping[str, str] = field(default_factory=dict)
    private_webhooks: bool = False
    patience: float = PATIENCE
    lanes: tuple[LaneAccount, ...] = ()
    model: Model | None = None
    oidc: "Provider | None" = None
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    on_stop: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


def web_of(connection: HTTPConnection) -> Web:
    web: Web = connection.app.state.web
    return web
