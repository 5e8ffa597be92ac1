"""A delivery that needs several messages (a long text, a photo beside a card) is still one delivery."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from channels.failures import PermanentFailure

Part = TypeVar("Part")


class Progress:
    """Remembers how many parts of a delivery went out, so that another try goes on where the last one stopped.

    Kept in memory: after a restart in the middle of such a delivery its first parts may be seen twice.
    """

    def __init__(self) -> None:
        self._sent: dict[int, int] = {}

    async def send(
        self,
        delivery_id: int,
        parts: Sequence[Part],
        send_one: Callable[[Part], Awaitable[str]],
        turn: Callable[[], Awaitable[None]] | None = None,
    ) -> str:
        """Sends what is still to be sent, in order, each further part when it is its `turn`; the id of the last part. Raises what
        `send_one` raises."""
        external_id = ""
        try:
            start = min(self._sent.get(delivery_id, 0), len(parts) - 1)
            for number in range(start, len(parts)):
                if number > start and turn is not None:
                    await turn()
                external_id = await send_one(parts[number])
                self._sent[delivery_id] = number + 1
        except PermanentFailure:
            self._sent.pop(delivery_id, None)
            raise
        self._sent.pop(delivery_id, None)
        return external_id
