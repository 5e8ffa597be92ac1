"""What Meta posts to a webhook (developers.facebook.com/docs/whatsapp/cloud-api/webhooks), as plain data."""

from collections.abc import Mapping, Sequence

from bench.serving import NUMBER

Body = Mapping[str, object]


def button_press(sender: str, command: str) -> Body:
    pressed = {"type": "button_reply", "button_reply": {"id": command, "title": "Claim"}}
    return _message(
        sender, f"wamid.{command}", "interactive", pressed, context={"from": "15550100200", "id": "wamid.card"}
    )


def text(sender: str, external_id: str, words: str) -> Body:
    return _message(sender, external_id, "text", {"body": words})


def receipts(said: Sequence[tuple[str, str, str]]) -> Body:
    """Of each message: to whom it went, what WhatsApp called it, and what became of it."""
    pricing = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"}
    return _posted(
        statuses=[
            {
                "id": external_id,
                "status": state,
                "timestamp": "1795000001",
                "recipient_id": recipient,
                "pricing": pricing,
            }
            for recipient, external_id, state in said
        ]
    )


def _message(sender: str, external_id: str, kind: str, content: Body, **more: object) -> Body:
    message = {"from": sender, "id": external_id, "timestamp": "1795000000", "type": kind, kind: content}
    return _posted(contacts=[{"profile": {"name": "Agent"}, "wa_id": sender}], messages=[message | more])


def _posted(**news: list[dict[str, object]]) -> Body:
    about = {"display_phone_number": "15550100200", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": about, **news}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
