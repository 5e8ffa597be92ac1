"""How long ago something was, and when something will be, as a sentence of ours says it."""

from datetime import datetime
from zoneinfo import ZoneInfo


def ago(moment: datetime | None, now: datetime) -> str:
    """'3 s ago', '12 min ago', '2 h ago', '3 days ago'."""
    seconds = max(int((now - moment).total_seconds()), 0) if moment else 0
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    return f"{seconds // 3600} h ago" if seconds < 172_800 else f"{seconds // 86_400} days ago"


def at_clock(moment: datetime, now: datetime, zone: str = "UTC") -> str:
    """'10:42' today, 'Mon 23 Nov 10:42' on another day."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a %d %b %H:%M}"


def left(moment: datetime, now: datetime) -> str:
    """'25 min left', '3 h late'."""
    amount, is_late = time_left(moment, now)
    return f"{amount} {'late' if is_late else 'left'}"


def time_left(moment: datetime, now: datetime) -> tuple[str, bool]:
    """'25 min', from two hours on to the nearest hour, from two days on to the nearest day; and whether it is over."""
    minutes = int((moment - now).total_seconds() // 60)
    size = abs(minutes)
    if size < 120:
        return f"{size} min", minutes < 0
    hours = (size + 30) // 60
    return f"{hours} h" if hours < 48 else f"{(size + 720) // 1440} d", minutes < 0
