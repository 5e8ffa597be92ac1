"""HTTP to others, as httpx2 speaks it: one failure that the libraries below it do not name has a name here."""

import httpx2


class Transport(httpx2.AsyncHTTPTransport):
    """When the other side hangs up while it is being called, uvloop has no socket any more, and anyio asks it for an
    address nevertheless: an AttributeError, although nothing has left."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            raise httpx2.ConnectError("it hung up while it was being called", request=request) from error
