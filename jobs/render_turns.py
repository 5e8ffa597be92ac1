"""A few messages are rendered in each turn of the loop: a hundred claimed together must not hold up those whose moment has come."""

import asyncio
from collections import deque

EACH_TURN = 8


class RenderTurns:
    def __init__(self) -> None:
        self._left = EACH_TURN
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def mine(self) -> None:
        if self._left == EACH_TURN:
            asyncio.get_running_loop().call_soon(self._next)
        if self._left:
            self._left -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _next(self) -> None:
        self._left = EACH_TURN
        while self._left and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._left -= 1
        if self._left < EACH_TURN:
            asyncio.get_running_loop().call_soon(self._next)
