"""How often a customer has come about the same thing (pure). Messages hours apart are two contacts, the others one talk."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

APART = timedelta(hours=4)
COMMON = 2
"""So many words that mean something make two contacts one thing; a number with three digits does so alone."""
WORD = re.compile(r"[^\W\d_]{4,}")
NUMBER = re.compile(r"\b[\w-]*\d{3,}[\w-]*\b")
STEM = 5
_TALK = """
about after again also back been before could does doing dont from good have hello help here just know last like more
much need only please same should some still such tell than thank thanks that their them then there these they this
time today tomorrow very want wanted week well were what when where which will with would yesterday your aber alle
also auch bitte danke dann dass dein denn dies diese diesem diesen dieser doch eine einem einen einer euch gestern
guten habe haben hallo heute ihnen ihre ihrem ihren ihrer immer jetzt kann können mehr mein meine meinem meinen meiner
mich möchte morgen nach nicht noch nochmal oder schon sehr seit sich sind über unser unsere wann warum werden wieder
wird wissen wurde ahora algo ante aquí ayer buenas buenos como cuando cuándo desde días donde dónde ella ellos entre
esta está este esto estos favor gracias hace hasta hola luego mañana menos mucho nada otra otro para pero porque
pueden puede quiero quién saber sido sobre también tarde tengo tiene todavía usted ustedes
"""
MEANS_NOTHING = frozenset(_TALK.split())


def count_contacts(text: str, at: datetime, before: Iterable[tuple[datetime, str]], days: int) -> int:
    """This one and those of the last `days` that were about the same thing. `before`: oldest first."""
    about = topics(text)
    talks = _talks([said for said in before if said[0] >= at - timedelta(days=days)], at)
    if not about and talks and talks[-1] and at - talks[-1][-1][0] < APART:
        about = topics(" ".join(words for _, words in talks[-1]))  # ‘hello?’ is about what was said a moment ago
    earlier = [talk for talk in talks if at - talk[-1][0] >= APART]
    return 1 + sum(alike(about, topics(" ".join(words for _, words in talk))) for talk in earlier)


def topics(text: str) -> frozenset[str]:
    """Stems of the words that mean something, and numbers whole."""
    words = (word.lower() for word in WORD.findall(text))
    return frozenset(
        [word[:STEM] for word in words if word not in MEANS_NOTHING] + [n.lower() for n in NUMBER.findall(text)]
    )


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = one & other
    return len(common) >= COMMON or any(NUMBER.fullmatch(topic) for topic in common)


def _talks(said: list[tuple[datetime, str]], now: datetime) -> list[list[tuple[datetime, str]]]:
    """What was said, cut where hours passed without a word."""
    talks: list[list[tuple[datetime, str]]] = []
    for one in said:
        if talks and one[0] - talks[-1][-1][0] < APART:
            talks[-1].append(one)
        else:
            talks.append([one])
    return talks
