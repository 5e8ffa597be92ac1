"""What each error of Slack's Web API means for the delivery
(docs.slack.dev/reference/methods/chat.postMessage#errors)."""

from typing import Literal

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome

Meaning = Literal["broken", "unreachable", "refused", "later", "unknown"]

TABLE: dict[str, tuple[Meaning, str]] = {
    "invalid_auth": ("broken", "the bot token is not valid"),
    "not_authed": ("broken", "the bot token is missing"),
    "token_revoked": ("broken", "the bot token was revoked"),
    "token_expired": ("broken", "the bot token has expired"),
    "account_inactive": ("broken", "the app was removed from the workspace"),
    "team_access_not_granted": ("broken", "the app is not installed in this workspace"),
    "missing_scope": ("broken", "the app lacks a scope (docs/channels/slack.md)"),
    "no_permission": ("broken", "the app lacks a permission"),
    "not_allowed_token_type": ("broken", "this is not a bot token"),
    "access_denied": ("broken", "the workspace denies access"),
    "org_login_required": ("broken", "the workspace is being moved to an organisation"),
    "channel_not_found": ("unreachable", "no such channel, or the bot is not in it"),
    "not_in_channel": ("unreachable", "the bot is not in the channel"),
    "is_archived": ("unreachable", "the channel is archived"),
    "user_not_found": ("unreachable", "no such person"),
    "users_not_found": ("unreachable", "no such person"),
    "user_not_visible": ("unreachable", "the person is not visible to the bot"),
    "user_disabled": ("unreachable", "the person's account is switched off"),
    "user_not_in_channel": ("unreachable", "the person is not in the channel"),
    "cannot_dm_bot": ("unreachable", "bots cannot be written to"),
    "messages_tab_disabled": ("unreachable", "the app's messages tab is switched off"),
    "restricted_action": ("unreachable", "the workspace does not let the bot write there"),
    "restricted_action_read_only_channel": ("unreachable", "the channel is read-only"),
    "restricted_action_thread_only_channel": ("unreachable", "only threads may be written in the channel"),
    "message_not_found": ("refused", "the message to change was deleted"),
    "cant_update_message": ("refused", "the message to change is not ours"),
    "edit_window_closed": ("refused", "the workspace does not let messages be changed any more"),
    "thread_not_found": ("refused", "the thread was deleted"),
    "msg_too_long": ("refused", "the message is too long"),
    "msg_blocks_too_long": ("refused", "the message is too long"),
    "no_text": ("refused", "the message is empty"),
    "invalid_blocks": ("refused", "the blocks are malformed"),
    "invalid_blocks_format": ("refused", "the blocks are malformed"),
    "invalid_arguments": ("refused", "the arguments are malformed"),
    "expired_trigger_id": ("refused", "three seconds passed since the press"),
    "exchanged_trigger_id": ("refused", "the press was used already"),
    "invalid_trigger_id": ("refused", "the press is not known"),
    "file_not_found": ("refused", "the file was deleted"),
    "service_unavailable": ("later", "Slack is not available"),
    "team_added_to_org": ("later", "the workspace is being moved"),
    "request_timeout": ("later", "Slack did not receive the whole request"),
    "fatal_error": ("unknown", "an error inside Slack, part of the work may be done"),
    "internal_error": ("unknown", "an error inside Slack, part of the work may be done"),
}


def failure(error: str, status: int, retry_after: float | None = None) -> SendFailure:
    """`error` is empty where the body was none of Slack's. A limit holds the line of what was sent: Slack counts messages
    per channel, and changes of messages by themselves (`line_of` in channels/limits.py)."""
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return TemporaryFailure(
            "ratelimited", "too many messages", retry_after=retry_after, holds="recipient", limited=True
        )
    if not error:
        return UnknownOutcome(str(status), "Slack gave no readable answer")
    meaning, reason = TABLE.get(error, ("refused", "Slack refused the request"))
    if meaning == "unknown":
        return UnknownOutcome(error, reason)
    if meaning == "later":
        return TemporaryFailure(error, reason)
    return PermanentFailure(error, reason, unreachable=meaning == "unreachable", broken=meaning == "broken")
