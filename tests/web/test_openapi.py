"""The description of the API is there, hangs together, and shows how a request looks."""

import re
from typing import Any

import httpx2
import pytest
from jsonschema_rs import iter_errors

from tests.web.house import Client
from web.api.summaries import SUMMARIES


@pytest.fixture
def database_kind() -> str:
    """It is the same on any."""
    return "sqlite"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Once: it takes longer to describe all of the API than to look through the description."""
    return {}


@pytest.fixture
async def description(http: httpx2.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    if not made:
        answer = await http.get("/api/openapi.json")
        assert answer.status_code == 200
        made |= answer.json()
    return made


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*(_references(inner) for inner in value.values()))
    return set().union(*(_references(inner) for inner in value)) if isinstance(value, list) else set()


def test_it_hangs_together(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.")
    schemas = description["components"]["schemas"]
    assert {ref.rsplit("/", 1)[1] for ref in _references(description)} <= schemas.keys()
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) > 30


def test_only_the_api_is_described_and_every_route_wants_a_token(description: dict[str, Any]) -> None:
    paths = description["paths"]
    assert all(path.startswith("/api/") for path in paths)
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation.get("security") or path == "/api/cron/escalate-tickets", path


def test_everything_that_is_asked_for_has_an_example_in_camel_case(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    for path, operations in description["paths"].items():
        for operation in operations.values():
            if "requestBody" not in operation:
                continue
            for reference in _references(operation["requestBody"]):
                schema = schemas[reference.rsplit("/", 1)[1]]
                assert schema["examples"], path
                assert schema["examples"][0].keys() <= schema["properties"].keys(), path
                assert not any("_" in name for name in schema["properties"]), path


def test_every_operation_says_in_its_own_words_what_it_does(description: dict[str, Any]) -> None:
    paths = description["paths"]
    there = {
        f"{method.upper()} {path.removeprefix('/api')}": one["summary"]
        for path, ways in paths.items()
        for method, one in ways.items()
    }
    assert set(SUMMARIES) <= set(there), "a summary of something that is not there"
    said = list(there.values())
    assert sorted(set(said)) == sorted(said), "give it a summary of its own in web/api/summaries.py"


def test_every_answer_has_an_example_that_fits(description: dict[str, Any]) -> None:
    for path, ways in description["paths"].items():
        for method, operation in ways.items():
            assert {"401", "403", "404", "409", "422"} <= operation["responses"].keys()
            for status, answer in operation["responses"].items():
                assert answer.get("content") or status == "204", (method, path, status)
                for kind, content in answer.get("content", {}).items():
                    if kind.startswith(("application/json", "application/problem")):
                        schema = content["schema"] | {"components": description["components"]}
                        wrong = [
                            f"{one.instance_path}: {one.message}" for one in iter_errors(schema, content["example"])
                        ]
                        assert wrong == [], (method, path, status)
            for parameter in operation["parameters"]:
                assert "_" not in parameter["name"], (method, path)
                if parameter["in"] == "path":
                    assert "example" in parameter, (method, path, parameter["name"])


async def test_without_a_token_every_operation_refuses_first(
    http: httpx2.AsyncClient, acme: Client, description: dict[str, Any]
) -> None:
    for path, ways in description["paths"].items():
        for method in ways:
            answer = await http.request(method, re.sub(r"{\w+}", "1", path), json={})
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path


async def test_a_refusal_is_described_as_it_comes(http: httpx2.AsyncClient, description: dict[str, Any]) -> None:
    refused = await http.get("/api/tickets?limit=0")
    operation = description["paths"]["/api/tickets"]["get"]
    assert refused.headers["content-type"] in operation["responses"][str(refused.status_code)]["content"]
    assert refused.json().keys() <= description["components"]["schemas"]["Problem"]["properties"].keys()
    named = {method for ways in description["paths"].values() for method, way in ways.items()
             if any(one["name"] == "Idempotency-Key" for one in way.get("parameters", []))}  # fmt: skip
    assert named == {"post"}
