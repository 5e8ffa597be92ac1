"""Everything that can be asked of the program: command -> handler, permission, unit."""

from typing import Any

from core.answers import handlers as answers
from core.answers import imports as answer_imports
from core.calendars import handlers as calendars
from core.conversations import handlers as conversations
from core.conversations import imports as customers
from core.conversations import leading
from core.escalations import handlers as escalations
from core.escalations import history
from core.escalations.rules import handlers as routing_rules
from core.guidance import alert_rules, alerting
from core.outbox import handlers as outbox
from core.outbox import preferences
from core.people import entering, leaves, signing_in
from core.people import handlers as people
from core.playbooks import handlers as playbooks
from core.praise import handlers as praise
from core.rule import Rule
from core.tickets import handlers as tickets
from core.training import deciding, drills, holding, list_links, policies, schedule
from core.training import handlers as training
from core.webhooks import handlers as webhooks

RULES: dict[type[Any], Rule] = {
    **people.RULES,
    **signing_in.RULES,
    **entering.RULES,
    **leaves.RULES,
    **calendars.RULES,
    **training.RULES,
    **answers.RULES,
    **answer_imports.RULES,
    **conversations.RULES,
    **customers.RULES,
    **leading.RULES,
    **escalations.RULES,
    **history.RULES,
    **routing_rules.RULES,
    **playbooks.RULES,
    **alerting.RULES,
    **alert_rules.RULES,
    **praise.RULES,
    **tickets.RULES,
    **schedule.RULES,
    **drills.RULES,
    **list_links.RULES,
    **policies.RULES,
    **holding.RULES,
    **deciding.RULES,
    **outbox.RULES,
    **preferences.RULES,
    **webhooks.RULES,
}
