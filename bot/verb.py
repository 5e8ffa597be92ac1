"""What a verb is: its name, its arguments, and who is offered it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """`kind`: a key of `bot.arguments.KINDS`. `ask`: the question when it is missing; optional ones are never asked for.
    `label`: its name in a form."""

    name: str
    kind: str
    ask: str = ""
    optional: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """`permission`: whose help shows it (the executor decides again, at the thing's unit). Empty: everybody's.
    `waits_minutes`: how long its questions stay open; None: for days. `personal`: among people in a group it is just talk."""

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()
    permission: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    waits_minutes: int | None = None
    personal: bool = False
