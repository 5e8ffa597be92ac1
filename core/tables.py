"""Every table of the program, for migrations and tests: importing this module fills the metadata."""

import core.answers.tables
import core.audit.tables
import core.conversations.tables
import core.dialogs.tables
import core.escalations.feedback.tables
import core.escalations.reply_tables
import core.escalations.rules.tables
import core.escalations.tables
import core.fulltext.tables
import core.guidance.tables
import core.idempotency.tables
import core.media.tables
import core.model.tables
import core.outbox.tables
import core.people.guards
import core.people.tables
import core.playbooks.tables
import core.policies.tables
import core.praise.tables
import core.scheduling.tables
import core.tickets.tables
import core.training.drill_tables
import core.training.import_tables
import core.training.policy_tables
import core.training.tables
import core.webhooks.tables  # noqa: F401
from core.schema import metadata

__all__ = ["metadata"]
