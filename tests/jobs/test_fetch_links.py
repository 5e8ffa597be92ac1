"""Photos given as links: fetched from public addresses, and nothing inside our own network is reached by them."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from channels.failures import PermanentFailure, TemporaryFailure
from jobs.fetch_links import LinkFetcher
from tests.world import free_port, serving


async def _photo(request: Request) -> Response:
    return Response(b"\xff\xd8" + request.headers["host"].encode(), media_type="image/jpeg")


async def _answer(request: Request) -> Response:
    return Response(status_code=int(request.path_params["status"]))


async def _elsewhere(request: Request) -> Response:
    return RedirectResponse("/photo")


SITE = Starlette(
    routes=[Route("/photo", _photo), Route("/answer/{status}", _answer), Route("/elsewhere", _elsewhere)],
)


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1:{}/photo", "http://localhost:{}/photo", "http://[::1]:{}/photo", "http://0.0.0.0:{}/photo",
     "http://10.0.0.1/x.jpg", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data"],
)  # fmt: skip
async def test_nothing_inside_is_reached(link: str) -> None:
    with pytest.raises(PermanentFailure, match="no public address"):
        await LinkFetcher().fetch(link.format(9), 1000)


@pytest.mark.parametrize("link", ["ftp://example.com/x.jpg", "file:///etc/passwd", "http:///x", "javascript:1"])
async def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(PermanentFailure, match="no address of a photo"):
        await LinkFetcher().fetch(link, 1000)


async def test_the_bytes_come_from_the_address_that_was_checked() -> None:
    port = free_port()
    with serving(SITE, port):
        fetcher = LinkFetcher(private=True)
        content = await fetcher.fetch(f"http://localhost:{port}/photo", 1000)
        assert content == b"\xff\xd8" + f"localhost:{port}".encode()  # the site is asked under its own name
        with pytest.raises(PermanentFailure, match="longer than the 5 bytes"):
            await fetcher.fetch(f"http://localhost:{port}/photo", 5)
        with pytest.raises(PermanentFailure, match="307"):
            await fetcher.fetch(f"http://localhost:{port}/elsewhere", 1000)
        with pytest.raises(PermanentFailure, match="404"):
            await fetcher.fetch(f"http://localhost:{port}/answer/404", 1000)
        for status in (429, 503):
            with pytest.raises(TemporaryFailure, match=str(status)):
                await fetcher.fetch(f"http://localhost:{port}/answer/{status}", 1000)
    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        await LinkFetcher(private=True).fetch(f"http://127.0.0.1:{port}/photo", 1000)
