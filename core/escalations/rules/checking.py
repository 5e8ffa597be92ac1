"""What somebody wrote as a rule, looked through and put into one spelling; what is wrong is named by its field in JSON."""

from dataclasses import replace

from core.errors import Invalid
from core.escalations.policies import codes_of
from core.escalations.rules.rule import MATCH, OWNER, QUEUE, ROUND_ROBIN, Action, Conditions, RoutingRule, Trigger
from core.escalations.rules.triggers import ALSO, read, word_of
from core.people.cells import TEAMS
from core.people.contacts import CHANNEL_NAMES
from core.people.queries import PERSON_BY_CODE
from core.statements import Reader

NOBODY = ("", QUEUE, "team", "none", "nobody")
MOST_TRIGGERS = 50
MOST_MINUTES = 14 * 1440
MOST_WORDS = 1000


def checked(reader: Reader, client_id: int, rule: RoutingRule) -> RoutingRule:
    """Raises Invalid."""
    name = " ".join(rule.name.split())
    if not 1 <= len(name) <= 200:
        raise Invalid("A rule needs a name of at most 200 characters.", field="name")
    if rule.priority is not None and not 0 <= rule.priority <= 3:
        raise Invalid("Use P0, P1, P2 or P3.", field="priority")
    return replace(
        rule,
        name=name,
        description=rule.description.strip()[:MOST_WORDS],
        conditions=_conditions(rule.conditions),
        action=_action(reader, client_id, rule.action),
    )


def _conditions(conditions: Conditions) -> Conditions:
    match = conditions.match.strip().lower() or MATCH[0]
    if match not in MATCH:
        raise Invalid(f"“{conditions.match}” is neither any nor all.", field="conditions.match")
    if not 1 <= len(conditions.triggers) <= MOST_TRIGGERS:
        sentence = f"A rule needs 1 to {MOST_TRIGGERS} triggers; one of the type “always” fits everything."
        raise Invalid(sentence, field="conditions.triggers")
    return Conditions(tuple(_trigger(number, one) for number, one in enumerate(conditions.triggers)), match)


def _trigger(number: int, trigger: Trigger) -> Trigger:
    kind, value = ALSO.get(trigger.type.strip(), word_of(trigger.type)), trigger.value.strip()
    try:
        read(kind, value)
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field=f"conditions.triggers[{number}].{wrong.field}") from None
    return Trigger(kind, value)


def _action(reader: Reader, client_id: int, action: Action) -> Action:
    team, policy = word_of(action.team), word_of(action.policy)
    if team and team not in TEAMS:
        raise Invalid(f"“{action.team}” is no team: use {', '.join(TEAMS)}.", field="action.team")
    if policy and policy not in (known := codes_of(reader, client_id)):
        raise Invalid(f"“{action.policy}” is no policy: use {', '.join(known)}.", field="action.policy")
    if action.respond_within is not None and not 1 <= action.respond_within <= MOST_MINUTES:
        raise Invalid(f"Use 1 to {MOST_MINUTES} minutes.", field="action.respondWithin")
    if len(action.auto_response) > MOST_WORDS:
        raise Invalid(f"It is longer than {MOST_WORDS} characters.", field="action.autoResponse")
    return Action(
        _assignee(reader, client_id, action.assign_to),
        team,
        tuple(_channel(one) for one in action.notify_via),
        action.auto_response.strip(),
        policy,
        action.respond_within,
    )


def _channel(name: str) -> str:
    channel = name.strip().lower()
    if channel not in CHANNEL_NAMES:
        raise Invalid(f"“{name}” is no channel: use {', '.join(CHANNEL_NAMES)}.", field="action.notifyVia")
    return channel


def _assignee(reader: Reader, client_id: int, words: str) -> str:
    word = "_".join(words.replace("-", " ").replace("roundRobin", ROUND_ROBIN).lower().split())
    if word in NOBODY:
        return QUEUE
    if word in (OWNER, ROUND_ROBIN):
        return word
    person = reader.first(PERSON_BY_CODE, client_id=client_id, code=words.strip().lower())
    if person is None:
        sentence = f"“{words}” is nobody here: use owner, round_robin, queue or the code of a person."
        raise Invalid(sentence, field="action.assignTo")
    if person.status == "inactive":
        raise Invalid(f"{person.name} does not work here any more.", field="action.assignTo")
    return person.code
