"""Tickets, to whom they were offered, what was done and what it cost; and what can break, with its targets."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.schema import JSONText, UTCDateTime, any_of, metadata, one_of, primary_key, where

STATES = ("new", "assigned", "in_progress", "completed", "closed", "cancelled")
UNBEGUN = ("new", "assigned")
UNREPAIRED = ("new", "assigned", "in_progress")
CAUSES = ("primary", "secondary", "branch", "nearest", "area", "chosen", "volunteer")
OUTCOMES = ("offered", "accepted", "declined", "missed", "withdrawn")
APPROVALS = ("pending", "approved", "rejected")
PHOTO_KINDS = ("before", "after", "work")
CHILD = text("parent_id IS NOT NULL")
OPEN = text("status NOT IN ('closed', 'cancelled')")
OFFERED = text("outcome = 'offered'")
PENDING = text("approval = 'pending'")
UNMADE = text("state = 'pending'")
OF_ROLE = text("person_id IS NULL")
LOCATED = text("located_at IS NOT NULL")

issue_categories = Table(
    "issue_categories",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("client_id", "code"),
)

issue_subcategories = Table(
    "issue_subcategories",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("category_id", ForeignKey("issue_categories.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("response_minutes", JSONText, nullable=False),  # four numbers, by priority
    Column("resolution_minutes", JSONText, nullable=False),
    Column(
        "usual_priority", SmallInteger, nullable=False, server_default="2"
    ),  # proposed where nobody says how urgent it is
    Column("skill", Text, nullable=False, server_default=""),  # what a technician must know; empty: nothing special
    Column("words", JSONText, nullable=False, server_default="[]"),  # what people call it
    Column("retired", Boolean, nullable=False, server_default=text("false")),  # for no new tickets
    UniqueConstraint("client_id", "code"),
    CheckConstraint("usual_priority BETWEEN 0 AND 3", name="usual_priority"),
)

ticket_counters = Table(
    "ticket_counters",
    metadata,
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("month", Text, nullable=False),  # '202611', by the client's own calendar
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("client_id", "month"),
)

tickets = Table(
    "tickets",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("number", Text, nullable=False),  # TKT-202611-00012
    Column("running", Integer, nullable=False),  # the 12 of it
    Column("external_id", Text),
    Column("parent_id", ForeignKey("tickets.id")),  # the first ticket of a fault that many branches share
    Column("subcategory_id", ForeignKey("issue_subcategories.id"), nullable=False),
    Column("priority", SmallInteger, nullable=False),  # 0 is the most urgent
    Column("description", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("policy_id", ForeignKey("policies.id")),  # which it was opened with; empty: the house's
    Column("dispatcher_id", ForeignKey("persons.id")),
    Column("technician_id", ForeignKey("persons.id")),
    Column("response_promised_at", UTCDateTime, nullable=False),  # what the service level promised when it was opened
    Column("response_due_at", UTCDateTime, nullable=False),  # by when whoever has the offer now is to answer
    Column("resolution_due_at", UTCDateTime, nullable=False),
    Column("rework_due_at", UTCDateTime),
    Column("assigned_at", UTCDateTime),
    Column("first_response_at", UTCDateTime),  # the first accept ever; accepted_at is the present technician's
    Column("accepted_at", UTCDateTime),
    Column("arrived_at", UTCDateTime),
    Column("completed_at", UTCDateTime),
    Column("closed_at", UTCDateTime),
    Column("cancelled_at", UTCDateTime),
    Column("cancel_reason", Text, nullable=False, server_default=""),
    Column("latitude", Float),  # where its technician was last
    Column("longitude", Float),
    Column("located_at", UTCDateTime),
    Column("arrival_distance", Integer),  # metres from the branch when the arrival was noted
    Column("expected_at", UTCDateTime),  # when the technician says they will be there
    Column("arrival_asked_by", ForeignKey("persons.id")),  # who waits to hear that
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("client_id", "number"),
    UniqueConstraint("client_id", "external_id"),
    one_of("status", STATES),
    CheckConstraint("priority BETWEEN 0 AND 3", name="priority"),
    CheckConstraint("status = 'cancelled' OR (status = 'new') = (technician_id IS NULL)", name="technician"),
    CheckConstraint(
        f"NOT {any_of('status', ('in_progress', 'completed', 'closed'))} OR"
        " (accepted_at IS NOT NULL AND first_response_at IS NOT NULL)",
        name="accepted",
    ),
    CheckConstraint("status NOT IN ('new', 'assigned') OR accepted_at IS NULL", name="offered"),
    CheckConstraint("(status IN ('completed', 'closed')) = (completed_at IS NOT NULL)", name="completed"),
    CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
    Index("ix_tickets_queue", "client_id", "priority", "resolution_due_at", **where(OPEN)),
    Index("ix_tickets_waiting", "client_id", "status", "priority", "resolution_due_at", **where(OPEN)),
    Index("ix_tickets_open", "unit_id", **where(OPEN)),
    Index("ix_tickets_technician", "technician_id", "status"),
    Index("ix_tickets_unit", "unit_id", "subcategory_id", "created_at"),
    Index("ix_tickets_created", "client_id", "created_at"),
    Index("ix_tickets_parent", "parent_id", **where(CHILD)),
    Index("ix_tickets_located", "located_at", **where(LOCATED)),
)

ticket_offers = Table(
    "ticket_offers",
    metadata,
    primary_key(),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("offered_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("because", Text, nullable=False),  # why this person was next
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("settled_at", UTCDateTime),
    one_of("because", CAUSES),
    one_of("outcome", OUTCOMES),
    CheckConstraint("(outcome = 'offered') = (settled_at IS NULL)", name="settled"),
    Index("uq_ticket_offers_open", "ticket_id", unique=True, **where(OFFERED)),
)

completions = Table(
    "completions",
    metadata,
    primary_key(),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("completed_by", ForeignKey("persons.id"), nullable=False),
    Column("completed_at", UTCDateTime, nullable=False),
    Column("work", Text, nullable=False),
    Column("labour_minutes", Integer, nullable=False),
    Column("labour_rate", BigInteger, nullable=False),  # per hour; like every amount here in minor units
    Column("parts", JSONText, nullable=False),  # [{name, quantity (text, exact), unit_cost, total}]
    Column("parts_cost", BigInteger, nullable=False),
    Column("labour_cost", BigInteger, nullable=False),
    Column("total_cost", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("approval", Text, nullable=False),
    Column("notes", Text, nullable=False, server_default=""),
    Column("decided_by", ForeignKey("persons.id")),
    Column("decided_at", UTCDateTime),
    Column("signed_by", ForeignKey("persons.id")),  # who confirmed at the branch that the work was done
    Column("signed_at", UTCDateTime),
    Column("signed_how", Text),
    one_of("approval", APPROVALS),
    CheckConstraint("total_cost = parts_cost + labour_cost", name="total"),
    CheckConstraint("labour_minutes >= 0 AND parts_cost >= 0 AND labour_cost >= 0", name="amounts"),
    CheckConstraint("(approval = 'pending') = (decided_at IS NULL)", name="decided"),
    CheckConstraint(
        "(signed_by IS NULL) = (signed_at IS NULL) AND (signed_by IS NULL) = (signed_how IS NULL)", name="signed"
    ),
    one_of("signed_how", ("code", "button", "approval")),
    Index("uq_completions_pending", "ticket_id", unique=True, **where(PENDING)),
)

signature_codes = Table(
    "signature_codes",
    metadata,
    Column("completion_id", ForeignKey("completions.id"), primary_key=True),
    Column("person_id", ForeignKey("persons.id"), nullable=False),  # to whom it was shown: who signs with it
    Column("code", Text, nullable=False),  # empty: void
    Column("expires_at", UTCDateTime, nullable=False),
    Column("tries", Integer, nullable=False),  # wrong ones with this code
    Column("issued", Integer, nullable=False),  # codes since `first_issued_at`
    Column("first_issued_at", UTCDateTime, nullable=False),
)

approval_limits = Table(
    "approval_limits",
    metadata,
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
    Column("below", BigInteger, nullable=False),  # minor units; cheaper work at the unit and below needs no approval
)

service_reports = Table(
    "service_reports",
    metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("media_id", ForeignKey("media.id")),  # the PDF; stays the older one while a newer is being made
    Column("asked_at", UTCDateTime, nullable=False),
    Column("next_attempt_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", UTCDateTime),
    Column("error", Text),
    one_of("state", ("pending", "made", "failed")),
    CheckConstraint("state <> 'made' OR media_id IS NOT NULL", name="made"),
    Index("ix_service_reports_due", "next_attempt_at", **where(UNMADE)),
)

report_wishes = Table(
    "report_wishes",
    metadata,
    primary_key(),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("role", Text, nullable=False, server_default=""),  # its holders for the unit of the ticket; or one person
    Column("person_id", ForeignKey("persons.id")),
    CheckConstraint("(role = '') = (person_id IS NOT NULL)", name="whose"),
    UniqueConstraint("unit_id", "role", "person_id"),
    Index("uq_report_wishes_role", "unit_id", "role", unique=True, **where(OF_ROLE)),
)

parts = Table(
    "parts",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("code_key", Text, nullable=False),  # as it is looked for: without case
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("unit_cost", BigInteger, nullable=False),
    UniqueConstraint("client_id", "code_key"),
    Index("ix_parts_name", "client_id", "name_key"),
    CheckConstraint("unit_cost >= 0", name="unit_cost"),
)

ticket_photos = Table(
    "ticket_photos",
    metadata,
    primary_key(),  # also their order
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("completion_id", ForeignKey("completions.id"), index=True),
    Column("media_id", ForeignKey("media.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("caption", Text, nullable=False, server_default=""),
    UniqueConstraint("ticket_id", "media_id"),
    one_of("kind", PHOTO_KINDS),
)
