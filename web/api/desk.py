"""Where a request to the API is served: who asks, and the one way to read and to change."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from core.actor import Actor
from core.idempotency.queries import Once, claim, drop, keep_answer
from core.people.secrets import find_token, token_used
from core.remembering import RememberingReader
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.given import Web, web_of

T = TypeVar("T")

UNSIGNED = "Send a token: “Authorization: Bearer cb_…”. An admin makes one on the page Settings."
UNKNOWN = "This token is unknown or was revoked. An admin makes a new one on the page Settings."
CHALLENGE = {"WWW-Authenticate": "Bearer"}

bearer = HTTPBearer(auto_error=False, description="A token from the page Settings or `callboard token create`")
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=200, description="Sent again with the same body: done once, answered twice"
    ),
]


@dataclass(frozen=True, slots=True)
class Desk:
    web: Web
    actor: Actor
    request: Request
    key: str

    @property
    def client_id(self) -> int:
        assert self.actor.client_id is not None
        return self.actor.client_id

    async def read(self, query: Callable[[Reader], T]) -> T:
        return await self.web.database.read(lambda reader: query(RememberingReader(reader)))

    async def do(self, work: Callable[[UnitOfWork], T]) -> T:
        def as_actor(uow: UnitOfWork) -> T:
            uow.actor = self.actor
            return work(uow)

        return await self.web.database.write(as_actor)

    async def post(self, work: Callable[[UnitOfWork], tuple[int, BaseModel]]) -> Response:
        """Do it and answer `(status, body)`; the idempotency key is claimed in the same transaction."""
        once = await self._once()
        if once is None:
            return _answer(*_plain(await self.do(work)))
        asked = once

        def claimed(uow: UnitOfWork) -> tuple[int, str, bool]:
            if kept := claim(uow, asked):
                return kept.status or 200, kept.response or "", True
            status, text = _plain(work(uow))
            keep_answer(uow, asked, status, text)
            return status, text, False

        return _answer(*await self.do(claimed))

    async def post_outside(self, effect: Callable[[], Awaitable[BaseModel]]) -> Response:
        """For an effect that no transaction holds: the key is claimed before, and given back when it fails."""
        once = await self._once()
        if once is None:
            return _answer(200, _text(await effect()))
        asked = once
        if kept := await self.do(lambda uow: claim(uow, asked)):
            return _answer(kept.status or 200, kept.response or "", again=True)
        try:
            text = _text(await effect())
        except BaseException:
            await self.do(lambda uow: drop(uow, asked))
            raise
        await self.do(lambda uow: keep_answer(uow, asked, 200, text))
        return _answer(200, text)

    async def _once(self) -> Once | None:
        if not self.key:
            return None
        digest = hashlib.sha256(await self.request.body()).hexdigest()
        actor = self.actor
        who = f"{actor.client_id}:{actor.kind}:{actor.person_id or actor.name}"
        return Once(who, self.key, f"{self.request.method} {self.request.url.path}", digest)


def _text(body: BaseModel) -> str:
    return body.model_dump_json(by_alias=True)


def _plain(done: tuple[int, BaseModel]) -> tuple[int, str]:
    return done[0], _text(done[1])


def _answer(status: int, text: str, again: bool = False) -> Response:
    headers = {"Idempotency-Replayed": "true"} if again else None
    return Response(text, status, headers, media_type="application/json")


async def serve(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    key: Key = "",
) -> Desk:
    """Raises 401 when there is no token or it is none of ours."""
    web = web_of(request)
    if credentials is None:
        raise HTTPException(401, UNSIGNED, CHALLENGE)
    token, now = credentials.credentials, web.clock.now()
    presented = await web.database.read(lambda reader: find_token(reader, token, now))
    if presented is None:
        raise HTTPException(401, UNKNOWN, CHALLENGE)
    if presented.unseen:
        await web.database.write(lambda uow: token_used(uow, presented.id))
    return Desk(web, presented.actor, request, key)


AtDesk = Annotated[Desk, Depends(serve)]
