"""The issuer of OpenID Connect that the settings name, if any."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from bot.findings import Finding
from bot.settings import Settings

if TYPE_CHECKING:
    from web.oidc import Provider

log = structlog.get_logger()

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOT_INSTALLED = "Authlib is not installed, so nobody can sign in that way: uv sync --extra oidc."
NO_CLIENT = "OIDC_ISSUER is set without the id by which the issuer knows this server."


def provider_of(settings: Settings) -> "Provider | None":
    """None: people sign in by a link to their chat only."""
    if not settings.oidc_issuer:
        return None
    wrong = [one for one in findings_of_oidc(settings) if one.state == "fail"]
    if wrong:
        log.error(wrong[0].sentence)
        return None
    from web.oidc import Provider  # noqa: PLC0415 - its library is an extra

    secret = settings.oidc_client_secret.get_secret_value()
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)


def findings_of_oidc(settings: Settings) -> Iterator[Finding]:
    if not settings.oidc_issuer:
        if settings.oidc_client_id:
            yield Finding("OIDC_ISSUER", "warn", "OIDC_CLIENT_ID is set without it, so it has no effect.")
        return
    if not settings.oidc_client_id:
        yield Finding("OIDC_CLIENT_ID", "fail", NO_CLIENT)
    address = urlsplit(settings.oidc_issuer)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        yield Finding("OIDC_ISSUER", "fail", "It begins with https://: whoever is on the way could sign in as anybody.")
    if find_spec("authlib") is None:
        yield Finding("OIDC_ISSUER", "fail", NOT_INSTALLED)
