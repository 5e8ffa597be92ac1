"""Notifications, deliveries, attempts, receipts; and what was announced where, so that a card can be changed later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from core.quick import quick
from core.schema import JSONText, UTCDateTime, any_of, metadata, one_of, primary_key, where

DELIVERY_KINDS = ("message", "edit", "photo")
"""A photo is a stored file that follows its message: a picture, or a PDF as a document."""
DELIVERY_STATES = ("pending", "sending", "sent", "delivered", "read", "failed", "uncertain", "withdrawn", "bundled")
URGENT, NORMAL, LOW = 0, 1, 2
UNFOLLOWED = "as_notice AND followed_at IS NULL"
SAID_ONCE = "dedupe_key IS NOT NULL"
ASKED_FOR = "attempts >= 0"
"""Always true. A partial index that says it is of no use to anybody who does not ask for it: with statistics of quiet times
PostgreSQL would take any index of what waits for the claim, and sort the whole queue for its first rows."""
HOLDING = ("limit", "broken", "recipients")
"""Why whoever stands in line is held, and keeps the place."""
KEEPS_ITS_PLACE = f"state = 'pending' AND ({any_of('held_for', HOLDING)} OR attempts > 0)"
TROUBLE = "state = 'failed' OR state = 'uncertain'"
NAMED = "person_id IS NOT NULL"
NOT_ARRIVED = f"urgency = 0 AND (state = 'pending' OR state = 'uncertain' OR state = 'failed') AND {ASKED_FOR}"

notifications = Table(
    "notifications",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id")),
    Column("template", Text, nullable=False),  # 'ticket.card' -> templates/messages/ticket/card.j2
    Column(
        "facts", JSONText, nullable=False
    ),  # what the text is rendered from when it leaves; of a change of a card: what changes
    Column("subject_kind", Text),
    Column("subject_id", Integer),
    Column("urgency", SmallInteger, nullable=False),
    Column("is_card", Boolean, nullable=False),  # stands for the subject's state: is changed when the state changes
    Column("dedupe_key", Text),
    Column("digest_key", Text),  # several with one key for one person may become one message
    Column("most_attempts", SmallInteger),  # how often it is tried, and how many seconds apart; empty: as usual
    Column("retry_seconds", Float),
    Column("hastens", Text),  # the purpose of the climb that waits for this person's answer
    Column("person_id", ForeignKey("persons.id")),  # of a digest: whom it is for
    Column("digest_kind", Text),
    Column("contents", JSONText),  # of a digest: what it covers, key -> state
    Column("withdrawn_at", UTCDateTime),  # nobody needs to hear it any more
    Column("unreached_at", UTCDateTime),  # no way to the person was left, or none had worked in time
    Column("created_at", UTCDateTime, nullable=False),
    Index("uq_notifications_dedupe", "dedupe_key", unique=True, **where(SAID_ONCE)),
    Index("ix_notifications_subject", "subject_kind", "subject_id", **where("subject_kind IS NOT NULL")),
    Index("ix_notifications_digest", "person_id", "digest_kind", **where("digest_kind IS NOT NULL")),
)

deliveries = Table(
    "deliveries",
    metadata,
    primary_key(),
    Column("notification_id", ForeignKey("notifications.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("thread", Text),  # the platform's id of the message to answer below or to quote
    Column("visible_to", Text),  # only this member of the chat sees it
    Column("target_id", ForeignKey("deliveries.id")),  # the delivery to edit, or to answer below
    Column("person_id", ForeignKey("persons.id")),
    Column("contact_method_id", ForeignKey("contact_methods.id")),
    Column("media_id", Integer),
    Column("carried_by", ForeignKey("deliveries.id")),  # whose message says this one; its own id: a bundle
    Column("is_repeat", Boolean, nullable=False, server_default=text("false")),  # may have arrived before, and says so
    Column("as_notice", Boolean, nullable=False, server_default=text("false")),  # only the window template was sent
    Column("notice_command", Text),  # what pressing the template's button says
    Column("followed_at", UTCDateTime),  # it was sent again: after a notice the full text, else what did not arrive
    Column("held_for", Text),  # why it waits: quiet, bundle, limit, recipients, broken, photo
    Column("bundle_key", Text),  # held ones of one person in one chat with one key leave as one message
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("heard_at", UTCDateTime),  # when the other side last wrote here, as far as known when this was queued
    Column("state", Text, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("whose", Integer, nullable=False, server_default=text("0")),  # the client: they take turns; 0: nobody knows
    Column("attempts", SmallInteger, nullable=False),
    Column("next_attempt_at", UTCDateTime, nullable=False),
    Column("lease_until", UTCDateTime),
    Column("begun_at", UTCDateTime),  # when its latest try began to leave; empty while it is only claimed
    Column("external_id", Text),
    Column("error_code", Text),
    Column("error", Text),
    Column("created_at", UTCDateTime, nullable=False),
    Column("settled_at", UTCDateTime),
    one_of("kind", DELIVERY_KINDS),
    one_of("state", DELIVERY_STATES),
    CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
    CheckConstraint("external_id IS NOT NULL OR (state <> 'delivered' AND state <> 'read')", name="receipt"),
    CheckConstraint("(kind = 'edit') <= (target_id IS NOT NULL)", name="edit_target"),
    CheckConstraint("(state = 'bundled') <= (carried_by IS NOT NULL)", name="carried"),
    Index(
        "ix_deliveries_due",
        "channel",
        "account",
        "urgency",
        "whose",
        "next_attempt_at",
        "id",
        **where("state = 'pending'"),
    ),
    Index(
        "ix_deliveries_chat",
        "channel",
        "account",
        "chat",
        "whose",
        **where(f"state = 'pending' AND {ASKED_FOR}"),
    ),
    Index("ix_deliveries_leased", "lease_until", **where("state = 'sending'")),
    Index("ix_deliveries_unreached", "created_at", **where(NOT_ARRIVED)),
    Index("ix_deliveries_bundle", "chat", "bundle_key", **where("state = 'pending' AND bundle_key IS NOT NULL")),
    Index("ix_deliveries_carried", "carried_by", **where("carried_by IS NOT NULL")),
    Index("ix_deliveries_unfollowed", "chat", **where(UNFOLLOWED)),
    Index(
        "ix_deliveries_uncertain",
        "channel",
        "urgency",
        "settled_at",
        **where("state = 'uncertain' AND followed_at IS NULL"),
    ),
    Index("ix_deliveries_failed", "id", **where("state = 'failed' AND followed_at IS NULL")),
    Index("ix_deliveries_trouble", "state", "id", **where(TROUBLE)),
    Index("ix_deliveries_person", "person_id", "id", **where(NAMED)),
    Index("ix_deliveries_external", "channel", "external_id", **where("external_id IS NOT NULL")),
    Index("ix_deliveries_held", "channel", "account", "chat", **where(KEEPS_ITS_PLACE)),
    Index("ix_deliveries_target", "target_id", **where("target_id IS NOT NULL")),
    Index("uq_deliveries_pending_edit", "target_id", unique=True, **where("kind = 'edit' AND state = 'pending'")),
)

bundle_windows = Table(
    "bundle_windows",
    metadata,
    Column("person_id", ForeignKey("persons.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("digest_key", Text, primary_key=True),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("said", Integer, nullable=False),  # how many came in it so far
)

lanes = Table(
    "lanes",
    metadata,
    Column("name", Text, primary_key=True),  # channel:account
    Column("broken_since", UTCDateTime),  # it refuses everything: a wrong token, a missing permission
    Column("broken_reason", Text),
    Column("alarmed_at", UTCDateTime),
    Column("paused_until", UTCDateTime),  # the breaker is open, or the platform asked for a pause
    Column("paused_reason", Text),
    Column("tripped_since", UTCDateTime),  # the breaker is open, or half open once the pause is over
    Column("sends_per_second", Float),  # what its owner may send for long; empty: nobody said
)

attempts = Table(
    "attempts",
    metadata,
    primary_key(),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("reason", Text),
    one_of("outcome", ("sent", "temporary", "permanent", "unknown")),
)

receipts = Table(
    "receipts",
    metadata,
    primary_key(),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("code", Text),
    Column("reason", Text),
    one_of("state", ("sent", "delivered", "read", "failed")),
)


@quick
@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery with everything needed to render and send it. `target_external_id`: platform id of the target.
    `timed`: it may have to wait for the person's own times. `client_id`: whose people it may name. `carried`: what its message says
    beside itself. `lease_until`: what shows whose claim it is."""

    id: int
    kind: str
    channel: str
    account: str
    chat: str
    thread: str | None
    visible_to: str | None
    person_id: int | None
    media_id: int | None
    language: str
    time_zone: str
    urgency: int
    attempts: int
    created_at: datetime
    template: str
    facts: dict[str, Any]
    subject_kind: str | None
    subject_id: int | None
    target_external_id: str | None
    heard_at: datetime | None
    is_repeat: bool = False
    held_for: str | None = None
    bundle_key: str | None = None
    carried_by: int | None = None
    most_attempts: int | None = None
    retry_seconds: float | None = None
    timed: bool = False
    notification_id: int = 0
    client_id: int | None = None
    lease_until: datetime | None = None
    carried: "tuple[Delivery, ...]" = ()
