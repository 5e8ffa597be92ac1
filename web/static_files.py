"""What the pages load, all of it from here: named with a part of its hash, so that a browser may keep it for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"


@lru_cache
def asset(name: str) -> str:
    """'callboard.css' -> '/static/callboard.css?v=1f3a…'. Raises FileNotFoundError: a page that names no file is wrong."""
    return f"/static/{name}?v={hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"


class KeptFiles(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and scope["query_string"].startswith(b"v="):
            answer.headers["cache-control"] = FOR_GOOD
        return answer


static = KeptFiles(directory=FOLDER)
