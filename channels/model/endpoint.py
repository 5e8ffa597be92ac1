"""POST {base}/chat/completions, as https://platform.openai.com/docs/api-reference/chat describes it and many servers speak it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from channels.calling import Transport
from channels.model.task import Unusable

LARGEST = 256 * 1024  # bytes of a whole answer


@dataclass(frozen=True, slots=True)
class Completion:
    """`tokens`: what the endpoint counted; None when it does not say."""

    text: str
    tokens: int | None


class Endpoint:
    """`base_url` ends before /chat/completions, such as https://api.openai.com/v1."""

    def __init__(self, base_url: str, key: str, model: str, timeout_seconds: float) -> None:
        self.model, self.timeout_seconds = model, timeout_seconds
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._base = base_url.rstrip("/")
        self._http = httpx2.AsyncClient(
            timeout=timeout_seconds,
            headers=headers,
            follow_redirects=False,
            trust_env=False,
            transport=Transport(trust_env=False),
        )

    async def complete(
        self, messages: list[dict[str, str]], most_tokens: int, schema: dict[str, Any] | None
    ) -> Completion:
        """Within the timeout, however the answer drips in. Raises Unusable."""
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "max_tokens": most_tokens,
            "temperature": 0.2,
        }
        if schema:
            wanted = {"name": "answer", "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": wanted}
        try:
            async with asyncio.timeout(self.timeout_seconds):
                return _completion(await self._post(body))
        except TimeoutError as late:
            raise Unusable(f"there was no answer within {self.timeout_seconds:g} seconds") from late
        except httpx2.HTTPError as error:
            raise Unusable(f"the endpoint could not be reached ({type(error).__name__})") from error

    async def check(self) -> str:
        """One sentence that says it works. Raises Unusable."""
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = await self._http.get(f"{self._base}/models")
        except TimeoutError as late:
            raise Unusable(f"there was no answer within {self.timeout_seconds:g} seconds") from late
        except httpx2.HTTPError as error:
            raise Unusable(f"the endpoint could not be reached ({type(error).__name__})") from error
        if answer.status_code in (401, 403):
            raise Unusable("the endpoint refuses the key (LLM_API_KEY)")
        if answer.status_code != 200:
            raise Unusable(f"the endpoint answers {answer.status_code} to {self._base}/models (LLM_BASE_URL)")
        names = _names_in(answer.content)
        if names and self.model not in names:
            raise Unusable(f"the endpoint has no model “{self.model}” (LLM_MODEL); it has {', '.join(names[:5])}")
        return f"It answers and has the model {self.model}."

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, body: dict[str, Any]) -> bytes:
        async with self._http.stream("POST", f"{self._base}/chat/completions", json=body) as answer:
            if answer.status_code != 200:
                raise Unusable(f"the endpoint answered {answer.status_code}")
            content = b""
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    raise Unusable(f"the answer is larger than {LARGEST // 1024} KB")
            return content


def _completion(content: bytes) -> Completion:
    try:
        answer = orjson.loads(content)
        text = answer["choices"][0]["message"]["content"]
        tokens = (answer.get("usage") or {}).get("total_tokens")
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        raise Unusable("the endpoint's answer is not of the expected shape") from error
    if not isinstance(text, str):
        raise Unusable("the endpoint's answer holds no text")
    return Completion(text, tokens if isinstance(tokens, int) else None)


def _names_in(content: bytes) -> list[str]:
    try:
        return [str(one["id"]) for one in orjson.loads(content)["data"]]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return []
