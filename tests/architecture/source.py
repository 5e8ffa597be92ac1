"""The source as the tests of this folder read it: files, their trees, and where a name is used."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("bot", "channels", "core", "jobs", "web", "templates", "migrations", "sandbox", "bench", "docs")


@cache
def list_files(*rooms: str) -> tuple[Path, ...]:
    """Python files of these rooms, all by default; not the generated revisions."""
    found = (path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(path for path in found if "versions" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imported(path: Path) -> set[str]:
    """Every module a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(library: str, *rooms: str) -> set[str]:
    """Files that import a library or anything inside it."""
    return {
        name_of(path)
        for path in list_files(*rooms)
        if any(module == library or module.startswith(f"{library}.") for module in imported(path))
    }


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


@cache
def _uses(path: Path) -> frozenset[str]:
    return frozenset(_dotted(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute))


def users_of(*ends: str, rooms: tuple[str, ...] = ()) -> set[str]:
    """Files that use an attribute whose dotted name ends like one of these (`datetime.now`, `.commit`)."""
    return {
        name_of(path)
        for path in list_files(*rooms)
        if any(f".{use}".endswith(f".{end.lstrip('.')}") for use in _uses(path) for end in ends)
    }


def users_of_words(*words: str) -> set[str]:
    """Files in whose strings one of these words stands alone (SQL that is written out)."""
    return {
        name_of(path)
        for path in list_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip().upper() in words
    }
