"""In which order the files run: tests that mostly wait, for other processes or for a moment, between those that compute."""

from collections import defaultdict

import pytest

SPREAD = {"tests/crash": 0.4, "tests/journeys": 0.8}
"""Folder of those that wait -> over how much of the run they are spread: not all of it, so that no long one is the last."""


def spread(items: list[pytest.Item]) -> None:
    """Sorts them. A file stays in one piece, and so does a folder inside a folder of those that wait."""
    pieces: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for item in items:
        folder, piece = _place(item)
        pieces[folder].setdefault(piece, len(pieces[folder]))
    moments = {
        piece: SPREAD.get(folder, 1.0) * number / len(found)
        for folder, found in pieces.items()
        for piece, number in found.items()
    }
    items.sort(key=lambda item: moments[_place(item)[1]])


def _place(item: pytest.Item) -> tuple[str, str]:
    """The folder, empty for those that compute, and the piece."""
    path = item.nodeid.partition("::")[0]
    folder, piece = ["/".join(path.split("/")[:deep]) for deep in (2, 3)]
    return (folder, piece) if folder in SPREAD else ("", path)
