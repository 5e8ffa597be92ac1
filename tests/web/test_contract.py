"""The contract against the description of the API, which in its turn is held against the answers (test_description_holds.py)."""

import re
from typing import Any

import httpx2
import pytest

from tests.web.contract import NO_TOKEN, ROWS, Row
from tests.web.house import Client


def _same(path: str) -> str:
    return re.sub(r"{\w*}", "{}", path)


class Described:
    def __init__(self, description: dict[str, Any], row: Row) -> None:
        self._schemas = description["components"]["schemas"]
        paths = {_same(path): ways for path, ways in description["paths"].items()}
        self.operation = paths.get(row.path, {}).get(row.method, {})

    @property
    def ways(self) -> set[str]:
        return {status for status in self.operation["responses"] if status.startswith("2")}

    @property
    def queries(self) -> set[str]:
        return {one["name"] for one in self.operation.get("parameters", ()) if one["in"] == "query"}

    def lacks(self, of: dict[str, Any], names: str) -> list[str]:
        """Of what has a `content`: those of the names that are not there."""
        schema = of.get("content", {}).get("application/json", {}).get("schema", {})
        return [name for name in names.split() if not self._has(schema, name.split("."))]

    def _has(self, schema: dict[str, Any], way: list[str]) -> bool:
        found = self._plain(schema)
        if found.get("type") == "array":
            found = self._plain(found["items"])
        below = found.get("properties", {}).get(way[0])
        return below is not None and (len(way) == 1 or self._has(below, way[1:]))

    def _plain(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Without what only says that it may be null, or that it stands elsewhere."""
        for one in schema.get("anyOf", ()):
            if one.get("type") != "null":
                return self._plain(one)
        return self._plain(self._schemas[schema["$ref"].rsplit("/", 1)[1]]) if "$ref" in schema else schema


@pytest.fixture
async def description(http: httpx2.AsyncClient) -> dict[str, Any]:
    said: dict[str, Any] = (await http.get("/api/openapi.json")).json()
    return said


async def test_every_row_is_there_with_its_statuses_and_fields(description: dict[str, Any]) -> None:
    lacking: dict[str, Any] = {}
    for row in ROWS:
        there = Described(description, row)
        if not there.operation:
            lacking[row.way] = "the whole of it"
            continue
        missing = [
            *(set(row.ways.split()) - there.ways),
            *(set(row.queries.split()) - there.queries),
            *there.lacks(there.operation.get("requestBody", {}), row.takes),
            *there.lacks(there.operation["responses"].get(row.ways.split()[0], {}), row.gives),
        ]
        if missing:
            lacking[row.way] = missing
    assert lacking == {}


async def test_every_post_takes_an_idempotency_key_and_every_row_wants_a_token(
    http: httpx2.AsyncClient, description: dict[str, Any], acme: Client
) -> None:
    for row in ROWS:
        there = Described(description, row)
        headers = {one["name"] for one in there.operation.get("parameters", ()) if one["in"] == "header"}
        assert row.method != "post" or "Idempotency-Key" in headers, row.way
        answer = await http.request(row.method, row.path.replace("{}", "1"))
        assert answer.status_code == 401, row.way
        assert answer.headers["content-type"] == "application/problem+json", row.way
        if row.way not in NO_TOKEN:
            assert answer.headers["www-authenticate"] == "Bearer", row.way
