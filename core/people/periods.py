"""From one day to another, both included; None: open at that end (pure)."""

from datetime import date


def overlap(starts: date | None, ends: date | None, other_starts: date | None, other_ends: date | None) -> bool:
    begins_in_time = starts is None or other_ends is None or starts <= other_ends
    other_begins_in_time = other_starts is None or ends is None or other_starts <= ends
    return begins_in_time and other_begins_in_time


def in_words(starts: date | None, ends: date | None) -> str:
    """'since 2026-11-01', 'from 2026-11-01 to 2026-12-31', 'until 2026-12-31', 'for good'."""
    if starts and ends:
        return f"from {starts} to {ends}"
    return f"since {starts}" if starts else f"until {ends}" if ends else "for good"
