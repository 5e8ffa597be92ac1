"""What only WhatsApp does, through the sandbox's stand-in: receipts, and the window for free text."""

from channels.base import Outgoing, Receipt
from tests.channels.at_the_sandbox import CHAT, OFFER, Program, open_window, until


async def test_whatsapp_reports_what_became_of_a_message(program: Program) -> None:
    await open_window(program)
    external_id = await program.senders["whatsapp"].send(Outgoing(4711, CHAT["whatsapp"], OFFER))
    await program.act("whatsapp", "read")

    def receipts() -> list[Receipt]:
        return [one for one in program.heard if isinstance(one, Receipt) and one.external_id == external_id]

    await until(lambda: "read" in {receipt.state for receipt in receipts()})
    assert {receipt.delivery_id for receipt in receipts()} == {4711}


async def test_whatsapp_outside_the_window_sends_the_template(program: Program) -> None:
    sender = program.senders["whatsapp"]
    await sender.send(Outgoing(1, CHAT["whatsapp"], OFFER, window_open=False, language="es"))
    notice = (await program.seen("whatsapp"))[-1]
    assert "TKT-202611-00012 at Harbour Street" in notice["text"]
    assert [button["label"] for button in notice["buttons"]] == ["Mostrar"]


async def test_whatsapp_free_text_outside_the_window_fails_later(program: Program) -> None:
    await program.senders["whatsapp"].send(Outgoing(4711, CHAT["whatsapp"], OFFER))
    await until(lambda: any(isinstance(one, Receipt) and one.code == "131047" for one in program.heard))
