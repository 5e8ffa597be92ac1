"""What is to become of a message for each thing that a platform may answer: written down apart from the tables that decide it.

failed: it goes the person's next way, the address stays good; dead: the address is not used any more either; again: the same
message a little later; chat, lane: all of it rests; broken: the lane stops, its messages wait; halted: and this one goes another
way; notice: the same as a template; unknown: it may have arrived.
"""

from channels.slack.errors import TABLE as SLACK
from channels.telegram.errors import TABLE as TELEGRAM
from channels.whatsapp.errors import TABLE as WHATSAPP

WHATSAPP_FATES = {
    "broken": (0, 3, 10, 190, 131005, 131042, 131044, 131045, 133010),
    "halted": (368, 131031, 131048, 131064),
    "again": (1, 2, 131016, 131052, 131053, 132015, 133004, 135000),
    "lane": (4, 80007, 130429, 131057),
    "chat": (131056,),
    "unknown": (131000,),
    "dead": (130497, 131021, 131026, 131030, 131050, 131062),
    "notice": (131047,),
    "failed": (
        33, 100, 130472, 131008, 131009, 131049, 131051, 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132068, 132069,
    ),
}  # fmt: skip
SLACK_FATES = {
    "broken": (
        "access_denied", "account_inactive", "invalid_auth", "missing_scope", "no_permission", "not_allowed_token_type",
        "not_authed", "org_login_required", "team_access_not_granted", "token_expired", "token_revoked",
    ),
    "dead": (
        "cannot_dm_bot", "channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel", "restricted_action",
        "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "user_disabled", "user_not_found",
        "user_not_in_channel", "user_not_visible", "users_not_found",
    ),
    "again": ("request_timeout", "service_unavailable", "team_added_to_org"),
    "unknown": ("fatal_error", "internal_error"),
    "failed": (
        "cant_update_message", "edit_window_closed", "exchanged_trigger_id", "expired_trigger_id", "file_not_found",
        "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_trigger_id", "message_not_found",
        "msg_blocks_too_long", "msg_too_long", "no_text", "thread_not_found",
    ),
}  # fmt: skip
TELEGRAM_FATES = {
    "broken": ((401, ""), (404, "")),
    "dead": (
        (403, "bot was blocked by the user"), (403, "user is deactivated"), (403, "can't initiate conversation"),
        (403, "bot was kicked"), (403, "bot is not a member"), (403, "the group chat was deleted"), (403, ""),
        (400, "chat not found"), (400, "peer_id_invalid"), (400, "user not found"), (400, "chat_write_forbidden"),
        (400, "not enough rights to send"), (400, "have no rights to send"),
    ),
    "failed": (
        (400, "message is not modified"), (400, "there is no text in the message"), (400, "message to edit not found"),
        (400, "message can't be edited"), (400, "can't parse entities"), (400, "message is too long"),
        (400, "file is too big"), (400, ""), (413, ""),
    ),
    "lane": ((409, ""),),
}  # fmt: skip
WEBHOOK_FATES = {
    "chat": (408, 409, 421, 423, 425, 429, 500, 502, 503, 504, 599),
    "failed": (301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422),
}
PLATFORMS = {
    "whatsapp": (WHATSAPP_FATES, set(WHATSAPP)),
    "slack": (SLACK_FATES, set(SLACK)),
    "telegram": (TELEGRAM_FATES, {(row.status, row.words) for row in TELEGRAM}),
}
EVERY = [
    (platform, fate, code)
    for platform, (fates, _) in PLATFORMS.items()
    for fate, codes in fates.items()
    for code in codes
]
