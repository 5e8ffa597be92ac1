"""Personal data becomes placeholders before it leaves, and itself again in what comes back (pure)."""

import re
from collections.abc import Iterator

CITY = r"(?:,? *\d{4,5} +[A-ZÄÖÜ][\wäöüß-]+)?"
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d?\d?)?|\d{1,2}[./]\d{1,2}[./](?:\d\d){1,2}")
KINDS = (
    ("LINK", re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)),
    ("EMAIL", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("ACCOUNT", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("NUMBER", re.compile(r"(?<![\w.,])(?<![A-Z]-)\+?\(?\d(?:[ \-/().]{0,2}\d){6,}(?!\w)")),
    (
        "ADDRESS",
        re.compile(
            r"\b\d{1,5} (?:[A-Z][\w']+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Square|Court|Boulevard|Blvd)\b\.?"
            rf"|\b[A-ZÄÖÜ][\wäöüß-]*(?: ?[Ss]tra(?:ß|ss)e|[Ss]tr\.|weg|platz|allee|gasse|ring|damm|ufer) \d+ ?[a-z]?\b{CITY}"
            rf"|\b(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo) [\w' ]{{2,40}}?,? ?(?:n[º°.]? ?)?\d+\b{CITY}"
        ),
    ),
)
INTRODUCED = re.compile(
    r"\b((?:[Mm]y name is|[Ii]ch heiße|[Mm]ein Name ist|[Mm]e llamo|Mrs?\.?|Ms\.?|Herrn?|Frau|Sra?\.) )"
    r"([A-ZÄÖÜÁÉÍÓÚÑ][\w'-]+(?: [A-ZÄÖÜÁÉÍÓÚÑ][\w'-]+){0,2})"
)
PLACEHOLDER = re.compile(r"\[(?:PERSON|LINK|EMAIL|ACCOUNT|NUMBER|ADDRESS|NAME)_\d+\]")


class Mask:
    """Of one question: the same thing is the same placeholder throughout it."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self._hidden: dict[str, str] = {}  # placeholder -> what it hides
        self._placeholders: dict[str, str] = {}
        self._names = _pattern(names)

    def mask(self, text: str) -> str:
        text = INTRODUCED.sub(lambda found: found[1] + self._hide("NAME", found[2]), text)
        for kind, pattern in self._patterns():
            text = pattern.sub(lambda found, kind=kind: self._hide(kind, found[0]), text)  # type: ignore[misc]
        return text

    def restore(self, text: str) -> str:
        """Placeholders that were never given out stay as they are: the answer is then not usable."""
        return PLACEHOLDER.sub(lambda found: self._hidden.get(found[0], found[0]), text)

    def _patterns(self) -> Iterator[tuple[str, re.Pattern[str]]]:
        yield from KINDS
        if self._names:
            yield "PERSON", self._names

    def _hide(self, kind: str, what: str) -> str:
        if DATE.fullmatch(what):
            return what
        if what not in self._placeholders:
            placeholder = f"[{kind}_{len(self._hidden) + 1}]"
            self._placeholders[what], self._hidden[placeholder] = placeholder, what
        return self._placeholders[what]


def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Whole names and their parts, the longest first."""
    parts = {part for name in names for part in (name.strip(), *name.split()) if len(part) >= 3}
    if not parts:
        return None
    longest_first = sorted(parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
