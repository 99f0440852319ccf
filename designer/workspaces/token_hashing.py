"""Random secrets, and the hashes that are stored of them."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_secret(prefix: str = "") -> str:
    """A secret of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The stored hash of a secret. The secret is random and long, so a plain hash is enough."""
    return sha256(secret.encode(errors="replace")).hexdigest()
