"""Customers, the addresses they write from, their conversations and every message in them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.schema import UTCDateTime, metadata, one_of, primary_key, where

STAGES = ("new", "qualifying", "nurturing", "escalated", "booked", "lost")
LED_BY = ("assistant", "human")
DIRECTIONS = ("in", "out", "note")
UNANSWERED = text("unanswered_since IS NOT NULL")
ANSWER_DUE = text("answer_due_at IS NOT NULL")

customers = Table(
    "customers",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=""),
    Column("tier", Text, nullable=False, server_default=""),
    Column("stage", Text, nullable=False, server_default="new"),
    Column("customer_since", Date),
    Column("yearly_value", BigInteger),  # minor units of `currency`
    Column("currency", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default="en"),
    Column("merged_into", ForeignKey("customers.id")),  # this turned out to be the same person
    UniqueConstraint("client_id", "code"),
    one_of("stage", STAGES),
)

customer_addresses = Table(  # on whatever line of the client they write
    "customer_addresses",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),  # as core/conversations/addresses.py writes it
    UniqueConstraint("client_id", "channel", "address"),
)

conversations = Table(
    "conversations",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("led_by", Text, nullable=False),
    Column("last_inbound_at", UTCDateTime),
    Column("unanswered_since", UTCDateTime),  # the customer has written and the assistant has said nothing yet
    Column("offered_at", UTCDateTime),  # the assistant was not sure and offered a human
    Column("answer_due_at", UTCDateTime),  # a model is to find the words
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("customer_id", "channel", "account"),
    one_of("led_by", LED_BY),
    CheckConstraint("led_by = 'assistant' OR (unanswered_since IS NULL AND answer_due_at IS NULL)", name="silent"),
    Index("ix_conversations_unanswered", "unanswered_since", **where(UNANSWERED)),
    Index("ix_conversations_chat", "chat"),
    Index("ix_conversations_answer_due", "answer_due_at", **where(ANSWER_DUE)),
)

conversation_messages = Table(
    "conversation_messages",
    metadata,
    primary_key(),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("author", Text, nullable=False),  # the name to show
    Column("person_id", ForeignKey("persons.id")),
    Column("text", Text, nullable=False),
    Column("media_id", ForeignKey("media.id")),
    Column("external_id", Text),
    Column("mood", Float),  # -1 to 1, of what a customer wrote; null for our own words
    Column("sent_at", UTCDateTime),  # of a customer\'s: by the platform\'s clock; what came late has its place by it
    Column("at", UTCDateTime, nullable=False),
    one_of("direction", DIRECTIONS),
    Index("ix_conversation_messages_conversation", "conversation_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Customer:
    id: int
    client_id: int
    code: str
    name: str
    phone: str
    tier: str
    stage: str
    customer_since: date | None
    yearly_value: int | None
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class Conversation:
    id: int
    client_id: int
    customer_id: int
    channel: str
    account: str
    chat: str
    led_by: str
    last_inbound_at: datetime | None
    unanswered_since: datetime | None
    offered_at: datetime | None
    answer_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    direction: str
    author: str
    text: str
    at: datetime
    mood: float | None = None
    sent_at: datetime | None = None
