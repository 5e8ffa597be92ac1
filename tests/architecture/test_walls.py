"""What only one place may do: commit, read the environment, read the clock, keep the beat, know a vendor."""

import pytest

from tests.architecture.source import ROOMS, importers, users_of, users_of_words

OURS = tuple(room for room in ROOMS if room not in ("sandbox", "bench"))


def outside(found: set[str], *allowed: str) -> list[str]:
    return sorted(name for name in found if not name.startswith(allowed))


def test_only_the_unit_of_work_and_migrations_end_a_transaction() -> None:
    ends = users_of(".commit", ".rollback") | users_of_words("COMMIT", "ROLLBACK", "BEGIN IMMEDIATE", "BEGIN")
    assert outside(ends, "core/unit_of_work.py", "migrations/", "bench/") == []


def test_only_the_settings_read_the_environment() -> None:
    readers = users_of("os.environ", "os.getenv", "os.environb") | importers("pydantic_settings")
    assert outside(readers, "bot/settings", "sandbox/", "bench/") == []


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = users_of(
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic", rooms=OURS
    )
    assert outside(readers, "core/clock.py") == []


VENDORS = {
    "apscheduler": ("jobs/timetable.py",),
    "heyoo": ("channels/whatsapp/client.py",),
    "telegram": ("channels/telegram/",),
    "slack_bolt": ("channels/slack/",),
    "slack_sdk": ("channels/slack/",),
    "fastapi": ("web/", "sandbox/"),
    "uvicorn": ("bot/", "sandbox/", "bench/"),
    "sqlalchemy": ("core/", "migrations/", "bench/"),
    "alembic": ("migrations/",),
    "psycopg": ("core/", "migrations/", "bench/"),
    "sqlite3": ("core/", "migrations/", "bench/", "bot/backup.py"),
    "jinja2": ("channels/rendering.py", "templates/", "web/"),
    "babel": ("templates/", "bot/", "core/", "web/"),
    "phonenumbers": ("core/",),
    "typer": ("bot/",),
    "rich": ("bot/", "bench/"),
    "itsdangerous": ("web/",),
    "prometheus_client": ("web/",),
    "PIL": ("core/media/", "sandbox/", "docs/"),
    "python_calamine": ("bot/",),
    "rapidfuzz": ("bot/", "core/tickets/understanding.py"),
    "reportlab": ("templates/report/", "core/sheets.py"),
}


@pytest.mark.parametrize("library", VENDORS)
def test_a_library_is_known_only_in_its_room(library: str) -> None:
    assert outside(importers(library), *VENDORS[library]) == []


def test_nobody_mocks() -> None:
    assert importers("unittest.mock") | importers("mock") == set()
