"""Signed webhooks, in and out, as Standard Webhooks 1.0 describes them: an id, a time in seconds, and an HMAC-SHA256 of both and the body.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping

PREFIX = "whsec_"
WINDOW_SECONDS = 300
ID = re.compile(r"[\x21-\x7e]{1,100}\Z")


class BadSignature(ValueError):
    """A message that is not accepted; the words say why, and contain no secret."""


def new_secret() -> str:
    """A secret of 192 bits."""
    return PREFIX + b64encode(secrets.token_bytes(24)).decode()


def sign(secret: str, id: str, seconds: int, body: bytes) -> str:
    """The signature of a message."""
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, f"{id}.{seconds}.".encode() + body, "sha256")).decode()


def headers(secret: str, id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of a message."""
    return {"webhook-id": id, "webhook-timestamp": str(seconds), "webhook-signature": sign(secret, id, seconds, body)}


def verify(secret: str, sent: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a message whose signature is right and whose time is within the window.

    Raises:
        BadSignature: When a header is missing, the time is too far off, or no signature is right.
    """
    id, at, signatures = (sent.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (ID.match(id) and at.isascii() and at.isdecimal() and len(at) < 15 and signatures):
        raise BadSignature("The headers webhook-id, webhook-timestamp and webhook-signature are needed.")
    if abs(now - int(at)) > WINDOW_SECONDS:
        raise BadSignature(f"The message is from a time more than {WINDOW_SECONDS // 60} minutes away.")
    wanted = sign(secret, id, int(at), body).encode()
    if not any(hmac.compare_digest(wanted, each.encode()) for each in signatures.split(" ")[:10]):
        raise BadSignature("The signature is not that of the message.")
    return id
