"""What each error code of the Cloud API means for the delivery.

Codes and meanings: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes (May 2026), completed from pywa
4.5 (pywa/errors.py). What to do about each is our judgement. The same codes arrive in two ways: as the answer to a
send, and later in a `failed` status.
"""

from dataclasses import dataclass
from typing import Literal

from channels.base import Holds
from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome

Meaning = Literal["broken", "halted", "later", "lane", "recipient", "refused", "unreachable", "template", "unknown"]
"""later, lane, recipient: temporary, and what has to wait. halted: broken, and Meta takes every further try amiss."""


@dataclass(frozen=True, slots=True)
class Row:
    meaning: Meaning
    reason: str
    retry_after: float | None = None


TABLE: dict[int, Row] = {
    0: Row("broken", "the access token is not valid"),
    190: Row("broken", "the access token is not valid or has expired"),
    3: Row("broken", "the app lacks the capability"),
    10: Row("broken", "the app lacks the permission"),
    131005: Row("broken", "the app lacks the permission"),
    368: Row("halted", "the account is blocked for a policy violation"),
    131031: Row("halted", "the account is locked"),
    131042: Row("broken", "the payment method of the account is missing or refused"),
    131044: Row("broken", "the payment method of the account is missing or refused"),
    131045: Row("broken", "the number's certificate is wrong"),
    133010: Row("broken", "the number is not registered"),
    131048: Row("halted", "too many recipients reported our messages as spam"),
    131064: Row("halted", "too many violations of the template rules"),
    1: Row("later", "a temporary fault at Meta"),
    2: Row("later", "a temporary fault at Meta"),
    131016: Row("later", "the service is overloaded"),
    133004: Row("later", "the server is temporarily unavailable"),
    135000: Row("later", "a temporary fault at Meta"),
    131052: Row("later", "the media could not be downloaded"),
    131053: Row("later", "the media could not be uploaded"),
    132015: Row("later", "the template is paused for low quality", 3600.0),
    4: Row("lane", "the app's request limit is reached"),
    80007: Row("lane", "the business account's request limit is reached"),
    130429: Row("lane", "the number's throughput is reached"),
    131057: Row("lane", "the number is in maintenance", 60.0),
    131056: Row("recipient", "too many messages to this person"),
    131000: Row("unknown", "Meta does not say whether the message was taken"),
    131026: Row("unreachable", "the person has no WhatsApp, or one too old"),
    131030: Row("unreachable", "the number is not among the test recipients"),
    131021: Row("unreachable", "the number is our own"),
    130497: Row("unreachable", "messages to the person's country are not allowed"),
    131050: Row("unreachable", "the person stopped these messages"),
    131062: Row("unreachable", "this message needs a phone number, only a business-scoped id is known"),
    131047: Row("template", "more than 24 hours since the person wrote"),
    131049: Row("refused", "Meta withheld the message"),
    130472: Row("refused", "the person takes part in an experiment of Meta"),
    33: Row("refused", "the phone number id does not exist any more"),
    100: Row("refused", "a parameter is wrong"),
    131008: Row("refused", "a parameter is missing"),
    131009: Row("refused", "a parameter's value is wrong"),
    131051: Row("refused", "this type of message is not supported"),
    132000: Row("refused", "the template wants another number of parameters"),
    132001: Row("refused", "the template does not exist in this language"),
    132005: Row("refused", "the template's text became too long"),
    132007: Row("refused", "the template breaks a rule about its characters"),
    132008: Row("refused", "the template's parameter value is wrong"),
    132012: Row("refused", "the template's parameter format is wrong"),
    132016: Row("refused", "the template is disabled for low quality"),
    132068: Row("refused", "the flow is blocked"),
    132069: Row("refused", "the flow is throttled"),
}

_PERMISSIONS = range(200, 300)
_BROKEN = Row("broken", "the app lacks a permission")
_HOLDS: dict[Meaning, Holds] = {
    "later": "delivery",
    "recipient": "recipient",
    "lane": "lane",
}
PASSES: frozenset[Meaning] = frozenset(("later", "lane", "recipient", "unknown"))
"""What failed late for one of these is worth another try: a status leaves nothing unknown."""
STOPS: dict[Meaning, float] = {"broken": 3600.0, "halted": 24 * 3600.0}
"""Seconds for which an account rests that a status reports as unpaid, locked or blocked. Its messages are still taken, and fail
later: that one is taken shows nothing."""


def again_after(row: Row) -> float | None:
    """Seconds that a message waits at least which failed late (0: as long as we think fit); None: it failed for good."""
    return (row.retry_after or 0.0) if row.meaning in PASSES else None


def holds(row: Row) -> Holds:
    return _HOLDS.get(row.meaning, "delivery")


def failure(code: int | None, http: int, retry_after: float | None = None) -> SendFailure:
    """`code` is None where the body was none of Meta's. What no row knows follows the HTTP status."""
    row = _BROKEN if code in _PERMISSIONS else TABLE.get(code) if code is not None else None
    if row is None:
        row = _by_status(http)
    return _made(row, str(http if code is None else code), retry_after)


def _by_status(http: int) -> Row:
    if http in (401, 403):
        return Row("broken", "Meta refuses the access token")
    if http == 429:
        return Row("lane", "too many requests")
    if 400 <= http < 500:
        return Row("refused", "Meta refused the request")
    return Row("unknown", "Meta gave no readable answer")


def _made(row: Row, code: str, retry_after: float | None) -> SendFailure:
    if row.meaning == "unknown":
        return UnknownOutcome(code, row.reason)
    if row.meaning in _HOLDS:
        wait = retry_after if retry_after is not None else row.retry_after
        limited = row.meaning != "later"
        return TemporaryFailure(code, row.reason, retry_after=wait, holds=_HOLDS[row.meaning], limited=limited)
    return PermanentFailure(
        code,
        row.reason,
        unreachable=row.meaning == "unreachable",
        broken=row.meaning == "broken",
        halts=row.meaning == "halted",
        needs_template=row.meaning == "template",
    )
