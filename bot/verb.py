"""What a verb is: its name, its arguments, and who is offered it."""

from dataclasses import dataclass

from bot.arguments import Argument


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
