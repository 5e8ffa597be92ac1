"""What is different between two versions of a playbook, in sentences (pure)."""

from collections.abc import Sequence

from core.playbooks.playbook import LANGUAGES, Playbook, Step

LONGEST = 80


def differences(before: Playbook, after: Playbook) -> list[str]:
    """Empty: none."""
    said = [
        f"{name}: {_short(was)} → {_short(will)}"
        for name, was, will in (
            ("name", before.name["en"], after.name["en"]),
            ("won when", before.win["en"], after.win["en"]),
            ("reasons", ", ".join(before.reasons) or "none", ", ".join(after.reasons) or "none"),
            ("words", ", ".join(before.words) or "none", ", ".join(after.words) or "none"),
            ("suggested", *("yes" if one.enabled else "no" for one in (before, after))),
        )
        if was != will
    ]
    said += _steps(before.steps, after.steps)
    translated = [name for name in LANGUAGES[1:] if _texts(before, name) != _texts(after, name)]
    return [*said, *([f"texts in {' and '.join(translated)}"] if translated else [])]


def _steps(before: Sequence[Step], after: Sequence[Step]) -> list[str]:
    was, will = ({step.title["en"]: step for step in steps} for steps in (before, after))
    new = [f"new step “{_short(title)}”" for title in will if title not in was]
    gone = [f"no longer “{_short(title)}”" for title in was if title not in will]
    kept = [title for title in will if title in was]
    changed = [
        f"“{_short(title)}” says or does it otherwise" for title in kept if _plain(was[title]) != _plain(will[title])
    ]
    order = ["the order of the steps"] if kept != [title for title in was if title in will] else []
    return [*new, *gone, *changed, *order]


def _plain(step: Step) -> tuple[str, int, str]:
    return step.kind, step.minutes, step.script["en"]


def _texts(book: Playbook, language: str) -> list[str | None]:
    words = [book.name, book.win, *(text for step in book.steps for text in (step.title, step.script))]
    return [one.get(language) for one in words if one.get(language)]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
