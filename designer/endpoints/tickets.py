"""Tickets of the test page: the web process signs one for an endpoint, and a serving process takes it for a minute instead of a key."""

from __future__ import annotations

from django.core import signing

SALT = "endpoints.test"
SECONDS = 60


def write_ticket(endpoint: str) -> str:
    """A ticket for an endpoint."""
    return "ticket." + signing.dumps(endpoint, salt=SALT)


def read_ticket(text: str) -> str | None:
    """The endpoint that the rest of a ticket is for; None for a forged or old one."""
    try:
        found = signing.loads(text, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None
