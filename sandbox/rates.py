"""Limits counted from real grant times: a sliding window, or an allowance that refills (for a tolerated burst)."""

import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`limit` grants in any `seconds`; with a burst, that many at once and then one per seconds/limit."""

    key: str
    limit: float
    seconds: float
    burst: int = 0


class Rates:
    """Rules come with each question, so a changed setting counts at once; only grant times are remembered."""

    def __init__(self) -> None:
        self._grants: dict[str, deque[float]] = {}
        self._full_at: dict[str, float] = {}

    def ask(self, rules: list[Rule], now: float) -> float:
        """0 when every rule grants (then all are counted), else the seconds until all would."""
        wait = max((self._wait(rule, now) for rule in rules), default=0.0)
        if wait <= 0:
            for rule in rules:
                self._grant(rule, now)
        return wait

    def would_wait(self, rule: Rule) -> bool:
        return self._wait(rule, time.monotonic()) > 0

    def _wait(self, rule: Rule, now: float) -> float:
        if rule.burst:
            spacing = rule.seconds / rule.limit
            return self._full_at.get(rule.key, now) - now - spacing * (rule.burst - 1)
        grants = self._grants.setdefault(rule.key, deque())
        while grants and grants[0] <= now - rule.seconds:
            grants.popleft()
        if len(grants) < rule.limit:
            return 0.0
        return grants[len(grants) - int(rule.limit)] + rule.seconds - now

    def _grant(self, rule: Rule, now: float) -> None:
        if rule.burst:
            spacing = rule.seconds / rule.limit
            self._full_at[rule.key] = max(self._full_at.get(rule.key, now), now) + spacing
        else:
            self._grants[rule.key].append(now)
