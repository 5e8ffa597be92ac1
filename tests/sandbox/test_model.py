"""The stand-in for a language model answers like an endpoint does, the same every time, and lies when it is told to."""

from typing import Any

import pytest
import requests

from sandbox.model.answers import LIES
from tests.sandbox.serving import Control

SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string"}, "points": {"type": "array", "items": {"type": "string"}}},
}


def ask(control: Control, *, key: str = "sandbox-model-key", **more: Any) -> requests.Response:
    body = {"model": "sandbox-1", "messages": [{"role": "user", "content": "[PERSON_1] waits"}]} | more
    headers = {"Authorization": f"Bearer {key}"}
    return requests.post(f"{control.url}/model/v1/chat/completions", json=body, headers=headers, timeout=10)


def test_the_same_question_has_the_same_answer(control: Control) -> None:
    texts = {ask(control).json()["choices"][0]["message"]["content"] for _ in range(2)}
    assert texts == {"Hello [PERSON_1], thank you for telling us. I am looking into it myself right now."}


def test_it_fills_any_schema(control: Control) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}
    text = ask(control, response_format=wanted).json()["choices"][0]["message"]["content"]
    assert '"summary":"The model\'s summary for [PERSON_1]."' in text


@pytest.mark.parametrize(("wrong", "status"), [({"key": "x"}, 401), ({"model": "x"}, 404), ({"messages": []}, 400)])
def test_it_refuses_as_an_endpoint_does(control: Control, wrong: dict[str, Any], status: int) -> None:
    answer = ask(control, **wrong)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_it_remembers_every_question_and_lies_as_often_as_it_is_told(control: Control) -> None:
    control.put("/model", {"lie": "empty", "times": 1})
    lengths = [len(ask(control).json()["choices"][0]["message"]["content"]) for _ in range(2)]
    assert lengths[0] == 0 < lengths[1]
    assert requests.get(f"{control.url}/control/model", timeout=5).json()["count"] == 2
    assert requests.put(f"{control.url}/control/model", json={"lie": "white"}, timeout=5).status_code == 400
    assert {"leak", "obey", "huge", "prose", "wrong_schema"} <= set(LIES)
