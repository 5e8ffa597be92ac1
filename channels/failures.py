"""The three ways a send can end badly. Each platform's errors.py decides which one, where the vendor's words are
known."""

from channels.base import Holds


class SendFailure(Exception):
    """`code` is the vendor's; `reason` a sentence for the operator, without tokens, numbers of people or message text."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class TemporaryFailure(SendFailure):
    """Not sent, worth another try. `retry_after` seconds as the platform asked (None: our own backoff); `holds` what
    has to wait; `limited`: the platform is well, we were only too fast for it."""

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        retry_after: float | None = None,
        holds: Holds = "delivery",
        limited: bool = False,
    ) -> None:
        super().__init__(code, reason)
        self.retry_after = retry_after
        self.holds = holds
        self.limited = limited or retry_after is not None


class PermanentFailure(SendFailure):
    """Not sent and never will be like this. `unreachable`: the address is dead for us; `broken`: the whole channel is
    (token, permission); `halts`: it is, and trying again by itself would make it worse; `needs_template`: the free-text
    window is closed; `moved_to`: the chat's new id, to be used instead."""

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        unreachable: bool = False,
        broken: bool = False,
        halts: bool = False,
        needs_template: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(code, reason)
        self.unreachable = unreachable
        self.broken = broken or halts
        self.halts = halts
        self.needs_template = needs_template
        self.moved_to = moved_to


class UnknownOutcome(SendFailure):
    """The platform may or may not have taken it: never blindly sent again."""
