"""Filling a verb's arguments from what was said, and asking for the first that is missing."""

from dataclasses import dataclass, replace
from typing import Any

from bot.arguments import KINDS
from bot.context import Context, Reply, say
from bot.dialogs import repair
from bot.grammar import Words
from bot.verb import Argument, Verb
from channels.base import FormField, FormSpec
from core.errors import DomainError

Answers = dict[str, Any]
ANSWERS = "="
"""Begins what the buttons of a question say, so that an old one is neither a command nor the answer to another question."""


@dataclass(frozen=True, slots=True)
class Missing:
    """`argument` is still to be asked for; `answers` are those we have."""

    argument: Argument
    answers: Answers


def fill(verb: Verb, words: Words, context: Context, answers: Answers) -> Answers | Missing:
    """Read the arguments that `answers` lacks from the words, in the verb's order. Photos may come before they are asked for.

    Raises DomainError (with `field`) when a word is there and wrong.
    """
    answers.pop(repair.QUIET, None)
    early = repair.keeps_photos(verb.arguments, context, answers)
    if early and answers:  # a photo's caption is no answer to the question that is open
        repair.take_photos(words, context, answers)
    for argument in verb.arguments:
        if argument.name in answers:
            continue
        value = KINDS[argument.kind].take(words, context, answers)
        if value is None and not argument.optional:
            if early and not answers.get(repair.GATHERED):
                repair.take_photos(Words(""), context, answers)
            return Missing(_first_missing(verb, answers), answers)
        if value is not None:
            answers[argument.name] = value
    return {argument.name: answers[argument.name] for argument in verb.arguments if argument.name in answers}


def _first_missing(verb: Verb, answers: Answers) -> Argument:
    """An answer may take back an earlier one."""
    return next(one for one in verb.arguments if not one.optional and one.name not in answers)


def question(missing: Missing, context: Context) -> Reply | None:
    """None: there is nothing to say now, the question stands."""
    if missing.answers.get(repair.QUIET):
        return None
    kind = KINDS[missing.argument.kind]
    ask, choices = missing.argument.ask, kind.choices(context)
    if kind.ask is not None:
        ask, choices = kind.ask(context, missing.answers)
    kept = "📷 Kept. " if context.media and missing.argument.kind != "photos" else ""
    offered = (replace(one, command=f"{ANSWERS}{missing.argument.name} {one.command}") for one in choices)
    return replace(say(kept + ask, *offered), for_all=True)


def pressed_answer(text: str) -> tuple[str, str] | None:
    """('parts', 'none') of a button below a question: which argument it answers, and with what."""
    if not text.startswith(ANSWERS):
        return None
    name, _, words = text.removeprefix(ANSWERS).partition(" ")
    return name, words


def is_asked(verb: Verb, answers: Answers, name: str) -> bool:
    """Whether this argument is what the open question is about."""
    asked = next((one.name for one in verb.arguments if not one.optional and one.name not in answers), None)
    return asked == name


def form_for(verb: Verb, missing: Missing, context: Context) -> FormSpec | None:
    """One form for all that is missing; None when something cannot be asked in a form."""
    missing_ones = [argument for argument in verb.arguments if argument.name not in missing.answers]
    rest = [argument for argument in missing_ones if not KINDS[argument.kind].rare]
    if not rest or any(KINDS[argument.kind].field is None for argument in rest):
        return None
    said = context.message.command or context.message.text
    fields = tuple(_field(argument, context, missing.answers) for argument in rest)
    return FormSpec(said, verb.name.capitalize(), fields)


def _field(argument: Argument, context: Context, so_far: Answers) -> FormField:
    kind = KINDS[argument.kind]
    choices = tuple((choice.command, choice.label) for choice in kind.choices(context))
    assert kind.field is not None
    value = kind.given(context, so_far) if kind.given else ""
    return FormField(argument.name, argument.label or argument.ask, kind.field, choices, argument.optional, value)


def fill_form(verb: Verb, answers: Answers, given: dict[str, str], context: Context) -> tuple[Answers, dict[str, str]]:
    """Read a submitted form's fields; returns the answers and the errors by argument name."""
    errors: dict[str, str] = {}
    for argument in verb.arguments:
        if argument.name not in given:
            continue
        try:
            value = KINDS[argument.kind].take(Words(given[argument.name]), context, answers)
        except DomainError as error:
            errors[argument.name] = error.sentence
            continue
        if value is not None:
            answers[argument.name] = value
    return answers, errors
