"""The table the dispatcher reads."""

from channels.capabilities import CAPABILITIES
from channels.limits import LIMITS, limits_for


def test_every_channel_has_a_limit_for_itself_and_for_one_chat() -> None:
    for channel in CAPABILITIES:
        assert {limit.scope for limit in limits_for(channel, "1")} == {"lane", "recipient"}


def test_telegram_groups_have_one_more() -> None:
    assert [limit.scope for limit in limits_for("telegram", "-1001234567890")] == ["lane", "recipient", "group"]


def test_every_row_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS)
