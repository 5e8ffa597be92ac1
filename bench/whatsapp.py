"""WhatsApp's own client at the most that Meta grants: what one process reaches with it, against the same lane with a client that
costs little (bench/sending.py). The receiver answers as Meta does, after as long as it may take.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import uvloop

from bench.dispatching import fill_with_answers
from bench.receiving import receiver, take_received
from bench.rounds import Line, absolute
from bench.sending import ANSWER_AFTER, CHATS, SENT, WAITING, Case, check, count_over, send_all
from bench.sweeps import connect, moment
from bench.world import copy_sqlite
from channels.base import Outgoing
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates

SECONDS = 4
CASES = (Case("whatsapp", 80), Case("whatsapp", 1000, granted=1000))
SLOW = 0.3
"""Seconds until Meta answers on a bad day."""
ALONE = 1000
TEXT = {
    "messaging_product": "whatsapp", "recipient_type": "individual", "to": "34600111222", "biz_opaque_callback_data": "1",
    "type": "text", "text": {"body": "You have ESC-12."},
}  # fmt: skip
HEARD = "UPDATE deliveries SET heard_at = ? WHERE state = 'pending' AND channel = 'whatsapp'"


def measure(folder: Path) -> Iterator[Line]:
    with receiver(0.0) as port:
        yield absolute("CPU of one call of WhatsApp's client", uvloop.run(one_by_one(port)), "us CPU", 600)
    source = folder / "filled.db"
    uvloop.run(fill_with_answers(f"sqlite:///{source}", 1))
    for case, answer_after in ((CASES[0], SLOW), (CASES[1], ANSWER_AFTER), (CASES[1], SLOW)):
        yield from through_the_lane(source, folder / f"{case.limit}-{answer_after}.db", case, answer_after)


def through_the_lane(source: Path, path: Path, case: Case, answer_after: float) -> Iterator[Line]:
    copy_sqlite(source, path)
    wanted = case.limit * SECONDS
    with closing(connect(path)) as connection:
        before = connection.execute(SENT, (case.channel,)).fetchone()[0]
        connection.execute(WAITING, (wanted, case.channel, CHATS, moment()))
        connection.execute(HEARD, (moment(),))
    with receiver(answer_after) as port:
        sender = Real(port, case.limit)
        begun = process_time()
        uvloop.run(send_all(path, case, sender, wanted))
        spent = process_time() - begun
        received = take_received(port)
    check(received, path, case.channel, wanted, before)
    rate = (wanted - 1) / (received.times[-1] - received.times[0])
    what = f"{case.limit}/s through WhatsApp's client, answers after {answer_after * 1000:.0f} ms"
    yield Line(f"sends at {what}", f"{rate:,.1f} /s", f"{case.limit:,} /s", rate / case.limit, "x", 0.5)
    yield absolute(f"seconds over the limit as received, {what}", count_over(received.times, case.limit), "windows", 0)
    if case.granted:
        yield absolute(f"CPU of the sending process per send, {what}", spent / wanted * 1e6, "us CPU", 1500)


async def one_by_one(port: int) -> float:
    """Microseconds of the processor for each."""
    client = Real(port, 80).client
    for _ in range(50):
        await client.send(TEXT)
    begun = process_time()
    for _ in range(ALONE):
        await client.send(TEXT)
    spent = process_time() - begun
    await client.close()
    return spent / ALONE * 1e6


class Real(WhatsAppSender):
    def __init__(self, port: int, sends_per_second: int) -> None:
        url = f"http://127.0.0.1:{port}"
        super().__init__(
            "default", "token", "100200300", load_templates(), api_url=url, sends_per_second=sends_per_second
        )
        self.sent = 0

    async def send(self, message: Outgoing) -> str:
        external_id = await super().send(message)
        self.sent += 1
        return external_id
