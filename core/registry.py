"""Everything that can be asked of the program: command -> handler, permission, unit."""

from typing import Any

from core.conversations import handlers as conversations
from core.escalations import handlers as escalations
from core.rule import Rule

RULES: dict[type[Any], Rule] = {**conversations.RULES, **escalations.RULES}
