"""A schedule as people say it."""

import pytest

from web.pages.schedules import in_words


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 8 * * *", "every day at 08:00"),
        ("30 7 * * 1-5", "Monday to Friday at 07:30"),
        ("5 18 * * MON-SAT", "Monday to Saturday at 18:05"),
        ("0 8 1 * *", "0 8 1 * *"),
        ("*/5 8 * * *", "*/5 8 * * *"),
        ("0 8 * * 2,4", "0 8 * * 2,4"),
        ("daily", "daily"),
    ],
)
def test_what_is_usual_is_said_in_words_and_the_rest_stays(cron: str, said: str) -> None:
    assert in_words(cron) == said
