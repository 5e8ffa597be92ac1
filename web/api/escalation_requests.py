"""What can be asked of escalations over HTTP, in JSON."""

from typing import Any, Literal

from web.api.json import Asked, Name, Words, example


class Raise(Asked):
    """`leadId` is another word for `customerId`; one of them is needed. `technicalContext`: what your program knows about it.
    `tellCustomer`: they hear what happens next, unless a human leads the conversation already."""

    model_config = example(
        customerId="C-1001",
        clientId="ACME",
        reason="requested_human",
        reasonDetails="Asks for the manager",
        priority="P1",
        technicalContext={"appVersion": "4.2.0", "orderId": "A-88123", "errors": ["payment declined"]},
    )
    customer_id: Name | None = None
    lead_id: Name | None = None
    client_id: Name
    reason: Name
    reason_details: str = ""
    priority: str | int | None = None
    conversation_summary: str = ""
    suggested_response: str = ""
    trigger_message_id: str | None = None
    technical_context: dict[str, Any] | None = None
    tell_customer: bool = True


class Assign(Asked):
    """Without `teamMemberId` the token's own person. `reassign` takes it from whoever has it."""

    model_config = example(teamMemberId="AG-1")
    team_member_id: Name | None = None
    reassign: bool = False


class Priority(Asked):
    model_config = example(priority="P0")
    priority: str | int


class Release(Asked):
    model_config = example(to="queue")
    to: Literal["queue", "assistant"] = "queue"


class Said(Asked):
    model_config = example(body="Good morning, this is Ana. I am looking at your order now.")
    body: Words


class Resolve(Asked):
    """`necessary`: did it take a human?"""

    model_config = example(resolution="converted", notes="Booked for Friday", returnToAi=True, necessary=True)
    resolution: str
    notes: str = ""
    return_to_ai: bool = True
    necessary: bool | None = None
