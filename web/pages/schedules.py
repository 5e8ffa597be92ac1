"""A cron schedule as people say it."""

DAYS = {
    "*": "every day",
    "1-5": "Monday to Friday",
    "mon-fri": "Monday to Friday",
    "1-6": "Monday to Saturday",
    "mon-sat": "Monday to Saturday",
}


def in_words(cron: str) -> str:
    """'0 8 * * 1-5' -> 'Monday to Friday at 08:00'; what is seldom stays as it is written."""
    fields = cron.lower().split()
    if len(fields) != 5:
        return cron
    minute, hour, day, month, weekday = fields
    if (day, month) != ("*", "*") or weekday not in DAYS or not (minute.isdecimal() and hour.isdecimal()):
        return cron
    return f"{DAYS[weekday]} at {int(hour):02}:{int(minute):02}"
