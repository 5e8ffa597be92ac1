"""What the answer of somebody's server means for the event.

The meanings follow the specification (2xx: taken; everything else: not) and RFC 9110; what to do about each is our judgement: what
the receiver calls our fault would be called so again, and must not hold up the events behind it. A fault of one receiver rests
that receiver alone.
"""

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure

TRY_LATER = frozenset({408, 409, 421, 423, 425, 429})
REASONS = {
    401: "the receiver refuses the signature",
    403: "the receiver refuses the signature",
    404: "there is nothing at this address",
    410: "the receiver wants no more events",
    413: "the event is too large for the receiver",
    429: "too many events for the receiver",
}
LONGEST = 3600.0
"""Seconds. A receiver that asks for more is asked again then."""


def failure_for(status: int, retry_after: str | None) -> SendFailure | None:
    """None: it was taken."""
    if 200 <= status < 300:
        return None
    reason = REASONS.get(status) or f"the receiver answered {status}"
    if 300 <= status < 400:
        return PermanentFailure(str(status), "the receiver redirects, which is not followed: use its final address")
    if status >= 500 or status in TRY_LATER:
        return rests(str(status), reason, _seconds(retry_after))
    return PermanentFailure(str(status), reason)


def rests(code: str, reason: str, seconds: float | None = None) -> TemporaryFailure:
    """The receiver rests, longer each time, and its events keep their order; given up after a day."""
    return TemporaryFailure(code, reason, retry_after=seconds, holds="recipient", limited=True)


def _seconds(text: str | None) -> float | None:
    """Dates are not read: our own pause is used then."""
    return min(float(text), LONGEST) if text and text.isascii() and text.isdigit() else None
