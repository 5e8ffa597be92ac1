"""Where a page may send somebody: only to a place of our own."""

from urllib.parse import urlsplit


def safe_path(wanted: str) -> str:
    """The path and its query, as given; '/' for whatever could lead to another site or is no page."""
    split = urlsplit(wanted) if wanted.isprintable() and len(wanted) <= 500 else None
    if split is None or split.scheme or split.netloc or not wanted.startswith("/"):
        return "/"
    if wanted.startswith(("//", "/login/", "/logout", "/sign-in")) or "\\" in wanted:
        return "/"
    return wanted.rstrip("?")
