"""Connections: named places outside Easel, with a secret that no text contains."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
SHORTEST_BASE64 = 8
URL_SAFE = str.maketrans("+/", "-_")


class ConnectionKind(StrEnum):
    """What a connection leads to."""

    DATABASE = "database"
    S3 = "s3"
    HTTP = "http"
    FOLDER = "folder"


@dataclass(frozen=True)
class Secret:
    """A password, key or token. Neither `str` nor `repr` shows it, so no log line or traceback does."""

    _text: str = field(default="", repr=False)

    def reveal(self) -> str:
        """Return the text, to hand it to a driver and to nothing else."""
        return self._text

    def __str__(self) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return bool(self._text)


@dataclass(frozen=True)
class Connection:
    """A place outside Easel.

    Args:
        name: Its name in the workspace, which settings refer to.
        kind: What it leads to.
        address: A URL without a password, or a folder.
        user: The user of a web server, or the id of an access key of S3; the user of a database is in its address.
        endpoint: The URL of an S3 service other than Amazon's.
        secret: The password, the secret key or the token.
    """

    name: str
    kind: ConnectionKind
    address: str
    user: str = ""
    endpoint: str = ""
    secret: Secret = Secret()

    @property
    def place(self) -> str:
        """Return a digest of where it leads to, which a result depends on; the secret is no part of it."""
        return sha256("\n".join((self.kind, self.address, self.user, self.endpoint)).encode()).hexdigest()

    def hide(self, text: str) -> str:
        """Return a text without the secret."""
        return hide(text, [self.secret])


def hide(text: str, secrets: Iterable[Secret]) -> str:
    """Return a text without the secrets, as they are and as they stand in a URL, in JSON, between quotes, and in base64.

    Drivers repeat what they were given.
    """
    for secret in secrets:
        if plain := secret.reveal():
            for form in sorted(_forms(plain), key=len, reverse=True):
                text = text.replace(form, HIDDEN)
    return text


def _forms(plain: str) -> set[str]:
    quoted = {quote(plain), quote(plain, safe=""), quote_plus(plain), repr(plain)[1:-1]}
    in_json = {json.dumps(plain, ensure_ascii=each)[1:-1] for each in (True, False)}
    return {plain} | quoted | in_json | _in_base64(plain.encode())


def _in_base64(plain: bytes) -> set[str]:
    """The characters that are sure to be there when base64 encodes a text that contains the secret, such as that of a login.

    Those at its ends depend on what stands beside it. Too short ones would be found where the secret is not.
    """
    found = set()
    for before in range(3):
        coded = b64encode(b"\0" * before + plain).decode()
        sure = coded[-(-before * 4 // 3) : (before + len(plain)) * 4 // 3]
        if len(sure) >= SHORTEST_BASE64:
            found |= {sure, sure.translate(URL_SAFE)}
    return found
