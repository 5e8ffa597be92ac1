"""The table the dispatcher reads."""

from channels.capabilities import CAPABILITIES
from channels.limits import LIMITS, limits_for, line_of


def test_every_channel_has_a_limit_for_itself_and_for_one_chat() -> None:
    for channel in CAPABILITIES:
        assert {limit.scope for limit in limits_for(channel, "1")} == {"lane", "recipient"}


def test_telegram_groups_have_one_more() -> None:
    assert [limit.scope for limit in limits_for("telegram", "-1001234567890")] == ["lane", "recipient", "group"]


def test_every_row_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS)


def test_slack_counts_changes_of_messages_by_themselves() -> None:
    assert {limit.scope for limit in limits_for("slack", line_of("slack", "edit", "C1"))} == {"lane", "changes"}
    assert line_of("slack", "message", "C1") == "C1"
    assert line_of("telegram", "edit", "42") == "42"
