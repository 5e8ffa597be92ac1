"""Jinja2 for pages: everything is escaped, and a name that was not given is an error instead of a blank."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from templates.moments import FILTERS

FOLDER = Path(__file__).parents[2] / "templates" / "pages"

environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
environment.filters.update(FILTERS)


def page(template: str, facts: dict[str, Any], status: int = 200) -> HTMLResponse:
    return HTMLResponse(environment.get_template(template).render(facts), status)


def sentence_page(status: int, sentence: str) -> HTMLResponse:
    """A page that only says something: not found, may not, went wrong."""
    return page("sentence.html", {"sentence": sentence, "title": TITLES.get(status, "That did not work")}, status)


TITLES = {401: "Sign in first", 403: "Not for you", 404: "Nothing here", 409: "Too late", 503: "Busy"}
