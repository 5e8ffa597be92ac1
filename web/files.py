"""A sheet as an answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

from starlette.responses import Response, StreamingResponse

from core.sheets import MARK, Sheet, csv_lines, csv_of
from templates.report.sheet import pdf_of

CSV_TYPE, PDF_TYPE = "text/csv; charset=utf-8", "application/pdf"


class Kind(StrEnum):
    CSV = "csv"
    PDF = "pdf"


AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "name,overdue\r\nLena Vogt,3\r\n"},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""How the description of the API says it."""

MAKE: dict[Kind, tuple[Callable[[Sheet], bytes], str]] = {Kind.CSV: (csv_of, CSV_TYPE), Kind.PDF: (pdf_of, PDF_TYPE)}


def in_parts(columns: Sequence[str], parts: AsyncIterator[Iterable[Sequence[object]]], name: str) -> Response:
    """A long CSV as it is read: it is nowhere whole."""

    async def lines() -> AsyncIterator[bytes]:
        yield MARK + csv_lines([columns])
        async for rows in parts:
            yield csv_lines(rows)

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(), media_type=CSV_TYPE, headers=headers)


async def as_file(sheet: Sheet, kind: Kind, name: str) -> Response:
    """Made beside the loop: a long PDF takes seconds."""
    make, media_type = MAKE[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(await asyncio.to_thread(make, sheet), media_type=media_type, headers=headers)
