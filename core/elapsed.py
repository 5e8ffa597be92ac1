"""How long ago something was, as a refusal says it."""

from datetime import datetime


def ago(moment: datetime | None, now: datetime) -> str:
    """'3 s ago', '12 min ago', '2 h ago', '3 days ago'."""
    seconds = max(int((now - moment).total_seconds()), 0) if moment else 0
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    return f"{seconds // 3600} h ago" if seconds < 172_800 else f"{seconds // 86_400} days ago"
