"""How deliveries look in JSON: the proof of one message, and what asks to send many again."""

from datetime import datetime

from core.outbox.proof_rows import Proof
from web.api.json import Asked, Out, example
from web.api.people import Codes


class AttemptOut(Out):
    at: datetime
    outcome: str
    code: str | None
    reason: str | None


class ReceiptOut(Out):
    state: str
    at: datetime
    code: str | None
    reason: str | None


class DeliveryOut(Out):
    """`subject` is the reference of what it is about; addresses are not repeated here. `fallbacks`: deliveries of the same to
    another address of the person; `instead`: by which of them the person gets, or has, what failed here, so that nobody has to do
    anything; `repeats`: those that say they may be a repeat; `bundledIn`: the message that says it, too.
    `followedAt`: when it was sent again. `heldFor`: why it waits until `nextAttemptAt`: quiet (quiet hours, free time, a holiday),
    bundle, limit (the platform's), recipients (as many people as a day allows were written to), broken, photo."""

    id: str
    state: str
    kind: str
    channel: str
    person_id: str | None
    person_name: str | None
    subject: str | None
    template: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    held_for: str | None
    settled_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None
    followed_at: datetime | None
    external_id: str | None
    error_code: str | None
    error: str | None
    is_repeat: bool
    fallbacks: list[str]
    instead: str | None
    repeats: list[str]
    bundled_in: str | None
    tries: list[AttemptOut]
    receipts: list[ReceiptOut]


class Again(Asked):
    model_config = example(state="failed", channel="telegram")
    state: str
    channel: str | None = None
    subject: str | None = None


class ResentOut(Out):
    """`more`: there are more than one call sends again."""

    resent: int
    more: bool


def shown(proof: Proof, codes: Codes, reference: str | None) -> DeliveryOut:
    sent = proof.sent
    return DeliveryOut(
        id=str(sent.id),
        state=sent.state,
        kind=sent.kind,
        channel=sent.channel,
        person_id=codes.code(sent.person_id),
        person_name=codes.name(sent.person_id),
        subject=reference,
        template=sent.template,
        attempts=sent.attempts,
        created_at=sent.created_at,
        next_attempt_at=sent.next_attempt_at if sent.state == "pending" else None,
        held_for=sent.held_for if sent.state == "pending" else None,
        settled_at=sent.settled_at,
        sent_at=proof.sent_at,
        delivered_at=proof.delivered_at,
        read_at=proof.read_at,
        failed_at=proof.failed_at,
        followed_at=sent.followed_at,
        external_id=sent.external_id,
        error_code=sent.error_code,
        error=sent.error,
        is_repeat=sent.is_repeat,
        fallbacks=[str(other) for other in proof.fallbacks],
        instead=str(proof.instead.id) if proof.instead else None,
        repeats=[str(other) for other in proof.repeats],
        bundled_in=str(proof.bundled_in) if proof.bundled_in else None,
        tries=[AttemptOut(at=one.at, outcome=one.outcome, code=one.code, reason=one.reason) for one in proof.attempts],
        receipts=[ReceiptOut(state=one.state, at=one.at, code=one.code, reason=one.reason) for one in proof.receipts],
    )
