"""Logs: one line per event, and no token, number or password in any of them. Each in a process of its own: logging is global."""

import json
import subprocess
import sys

import pytest

BEGIN = "import logging, structlog; from bot.logs import configure; configure('INFO', 'FORM'); log = structlog.get_logger('x');"
TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"


def logged(code: str, form: str = "json") -> list[str]:
    program = BEGIN.replace("FORM", form) + code
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_an_event_is_one_line_with_its_facts() -> None:
    (line,) = logged("log.info('sent', lane='slack:default', count=3)")
    row = json.loads(line)
    assert (row["event"], row["lane"], row["count"], row["level"]) == ("sent", "slack:default", 3, "info")
    assert row["timestamp"].endswith("Z")


def test_lines_of_libraries_look_like_ours() -> None:
    (line,) = logged("logging.getLogger('uvicorn.error').warning('port %s is taken', 8000)")
    assert json.loads(line)["event"] == "port 8000 is taken"


def test_people_read_text() -> None:
    (line,) = logged("log.warning('slow', lane='slack:default')", form="text")
    assert "slow" in line
    assert "lane=slack:default" in line


@pytest.mark.parametrize(
    "code",
    [
        f"log.info('calling https://api.telegram.org/bot{TOKEN}/getMe')",
        f"log.info('called', url='https://api.telegram.org/bot{TOKEN}/getMe')",
        f"logging.getLogger('some.library').error('bot %s failed', '{TOKEN}')",
        f"logging.getLogger('x').error('no', exc_info=ValueError('{TOKEN}'))",
        f"log.error('no', exc_info=ValueError('{TOKEN}'))",
    ],
)
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_token_is_in_none_of_them(code: str, form: str) -> None:
    lines = "\n".join(logged(code, form))
    assert lines
    assert TOKEN[10:] not in lines


def test_a_persons_number_is_in_none_of_them() -> None:
    (line,) = logged("log.info('sending', to='+34 600 111 222', text='34600111222')")
    assert "600 111" not in line
    assert "34600111222" not in line


def test_a_traceback_is_kept() -> None:
    (line,) = logged("\ntry:\n  1 / 0\nexcept ZeroDivisionError:\n  log.exception('broken')")
    assert "ZeroDivisionError" in json.loads(line)["exception"]


def test_vendors_that_print_secrets_at_info_are_silent() -> None:
    assert (
        logged("[logging.getLogger(name).info('secret') for name in ('httpx', 'heyoo', 'slack_sdk', 'telegram')]") == []
    )
