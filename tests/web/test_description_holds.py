"""Whatever anybody sends, the API neither breaks nor answers otherwise than /api/openapi.json says.

`make fuzz` tries it with far more examples, other ones each time.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.described import Asked, asked_of, try_out

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW = settings(max_examples=3, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def asked(sqlite_with_tables: Path, tmp_path: Path) -> Iterator[Asked]:
    with asked_of(Path(shutil.copy(sqlite_with_tables, tmp_path / "callboard.db"))) as house:
        yield house


@pytest.mark.timeout(0)
def test_nothing_breaks_and_all_is_as_described(asked: Asked, subtests: pytest.Subtests) -> None:
    how = settings.default if settings.get_current_profile_name() == "fuzz" else FEW

    def check(case: Case, who: str) -> None:
        case.validate_response(asked.send(case, who), checks=CHECKS)

    for operation, example in asked.operations():
        with subtests.test(operation.label):
            try_out(operation, example, how, check)
