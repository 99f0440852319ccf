"""Django's settings for the mail server that an address names."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}
LOGIN_PORT = 587


def mail_settings(address: str) -> dict[str, Any]:
    """Settings by name, for `smtp://user:password@host:port` or `smtps://`; without an address no email is sent.

    A login is never sent in clear: `smtp` with a user begins encryption first.
    """
    url = urlsplit(address)
    secure = url.scheme == "smtps"
    return {
        "EMAIL_HOST": url.hostname or "",
        "EMAIL_PORT": url.port or (LOGIN_PORT if url.username and not secure else PORTS.get(url.scheme, 25)),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": bool(url.username) and not secure,
    }
