"""What the description of the API shows, said of the house of the tests: so more is found than what is not there."""

import re
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from tests.web.house import Client

HOUSE = {
    "B-12": "ACME-N1", "BR-07": "ACME-N1", "CL-NORTH": "ACME-N", "C-1001": "ACME-C1", "AG-1": "ACME-AG1", "AG-2": "ACME-AG2",
    "T-1": "ACME-T1", "T-2": "ACME-T2", "SM-12": "ACME-MN1", "E-1007": "ACME-E2", "FS-101": "FOOD",
}  # fmt: skip
"""Who stands in the examples, and who that is in the house."""


@dataclass(frozen=True, slots=True)
class Example:
    """What the description shows for one operation; `body` None: it has none, or no object."""

    path: dict[str, Any]
    body: dict[str, Any] | None


async def description_for(http: httpx2.AsyncClient, acme: Client) -> dict[str, Any]:
    text = (await http.get("/api/openapi.json")).content
    names = HOUSE | {"ESC-12": acme.escalation, "TKT-202611-00012": acme.ticket}
    for example, there in names.items():
        text = text.replace(f'"{example}"'.encode(), f'"{there}"'.encode())
    said: dict[str, Any] = orjson.loads(text)
    return said


def example_of(description: dict[str, Any], operation: dict[str, Any]) -> Example:
    path = {one["name"]: one["example"] for one in operation["parameters"] if one["in"] == "path"}
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schema = next((one for one in schema.get("anyOf", ()) if "$ref" in one), schema)
    if "$ref" not in schema:
        return Example(path, None)
    return Example(path, description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]["examples"][0])


async def posts(http: httpx2.AsyncClient, acme: Client) -> list[tuple[str, dict[str, Any]]]:
    """Every path that takes a POST, and its example."""
    description = await description_for(http, acme)
    found = []
    for path, ways in description["paths"].items():
        if "post" in ways:
            example = example_of(description, ways["post"])
            found.append((re.sub(r"{(\w+)}", lambda name, of=example: str(of.path[name[1]]), path), example.body or {}))  # type: ignore[misc]
    return found
