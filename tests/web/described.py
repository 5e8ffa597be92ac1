"""The house of the tests, asked by schemathesis: everything it makes up from the description of the API goes through here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import requests
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

from core.clock import ManualClock
from core.database import Database
from tests.conftest import START
from tests.web.examples import Example, description_for, example_of
from tests.web.house import Client, Given, app_of, browser, build

URL = "http://callboard.test"
EDGES = (
    2**31,
    2**63,
    -(2**64),
    0,
    -1,
    0.5,
    1e300,
    True,
    "",
    "x" * 5_000,
    "\ud800",
    "²",
    [],
    {},
    [None],
    [[]],
    {"a": {}},
    None,
)
Operation = APIOperation[Any, Any, Any, Any]


class Asked:
    """The API on a loop of its own."""

    def __init__(self, portal: BlockingPortal, path: Path) -> None:
        self._portal = portal
        portal.call(self._open, path)

    async def _open(self, path: Path) -> None:
        self._database = Database(f"sqlite:///{path}", ManualClock(START))
        self._acme: Client = await self._database.write(lambda uow: build(uow, "ACME"))
        self._http = browser(app_of(Given(self._database)))
        self._said = await description_for(self._http, self._acme)

    async def close(self) -> None:
        await self._http.aclose()
        await self._database.close()

    def operations(self) -> Iterator[tuple[Operation, Example]]:
        for found in schemathesis.openapi.from_dict(self._said).get_all_operations():
            operation = found.ok()
            yield operation, example_of(self._said, self._said["paths"][operation.path][operation.method])

    def send(self, case: Case, who: str) -> httpx2.Response:
        """As this person of the house; without a token when `who` is empty."""
        asked = requests.Request(**case.as_transport_kwargs(base_url=URL)).prepare()
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "authorization"}
        headers |= self._acme.bearer(who) if who else {}
        method, url, content = asked.method or "", asked.url or "", asked.body
        return self._portal.call(lambda: self._http.request(method, url, headers=headers, content=content))


def try_out(operation: Operation, example: Example, how: settings, check: Callable[[Case, str], None]) -> None:
    """Cases that fit the description and cases that do not: as drawn, or with the things of the house and one field of the body as
    it was drawn, or one at an edge. `check` gets the case and who sends it; empty: somebody without a token."""
    drawn = st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
    field = st.sampled_from(sorted(example.body)) if example.body else st.nothing()
    edge = st.one_of(st.none(), st.tuples(field, st.sampled_from(EDGES))) if example.body else st.none()
    who = st.sampled_from(("ADM", "ADM", "ADM", "T1", ""))

    @how
    @given(case=drawn, there=st.booleans(), edge=edge, who=who)
    def each(case: Case, there: bool, edge: tuple[str, Any] | None, who: str) -> None:
        if there:
            case.path_parameters = {**(case.path_parameters or {}), **example.path}
            if example.body and isinstance(case.body, dict):
                name, value = edge or next(iter(case.body.items()), ("more", 1))
                case.body = example.body | {name: value}
        check(case, who)

    each()


@contextmanager
def asked_of(path: Path) -> Iterator[Asked]:
    with start_blocking_portal() as portal:
        house = Asked(portal, path)
        yield house
        portal.call(house.close)
