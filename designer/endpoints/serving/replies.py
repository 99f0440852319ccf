"""What a serving process answers: replies, and refusals in Easel's form of errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from designer.http.errors import body as error_body

Headers = Sequence[tuple[bytes, bytes]]
JSON = (b"content-type", b"application/json")
encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Reply:
    """One answer. `endpoint` and `version` say whom to count it for; empty and 0 for an address that belongs to none."""

    status: int
    body: bytes
    headers: Headers = (JSON,)
    endpoint: str = ""
    version: int = 0
    rows: int = 0
    warnings: int = 0


class Refused(Exception):
    """A refused request. `field` is the place in the body, such as rows[3].horsepower."""

    def __init__(
        self,
        status: int,
        code: str,
        words: str,
        *,
        remedy: str | None = None,
        field: str | None = None,
        column: str | None = None,
        headers: Headers = (),
    ) -> None:
        super().__init__(words)
        self.status, self.code, self.words, self.remedy, self.headers = status, code, words, remedy, headers
        self.places = {name: place for name, place in (("field", field), ("column", column)) if place is not None}

    def plain(self) -> Reply:
        """In Easel's usual form."""
        return Reply(self.status, encode(error_body(self.code, self.words, remedy=self.remedy, **self.places)), (JSON, *self.headers))

    def v2(self) -> Reply:
        """In the form of the Open Inference Protocol: a text alone."""
        place = f"{self.places['field']}: " if "field" in self.places else ""
        return Reply(self.status, encode({"error": " ".join(filter(None, (place + self.words, self.remedy)))}), (JSON, *self.headers))


def answer(value: Any, status: int = 200) -> Reply:
    """A value as JSON."""
    return Reply(status, encode(value))


def absent() -> Refused:
    """The same 404 for what does not exist and for what the key is not for."""
    words = "This does not exist, or the key is not for it."
    return Refused(404, "not_found", words, remedy="Check the address, and use a key of this endpoint.")


def unauthorized() -> Refused:
    """The 401 of a request without a valid key."""
    words = "The request has no valid key."
    remedy = "Send a key of the endpoint in the header: Authorization: Bearer KEY, or X-API-Key: KEY. A new key takes up to two seconds."
    return Refused(401, "no_key", words, remedy=remedy, headers=((b"www-authenticate", b"Bearer"),))


def wait(code: str, words: str, seconds: float) -> Refused:
    """A 429 that says when to try again."""
    whole = max(1, int(seconds + 0.999))
    return Refused(429, code, words, remedy=f"Try again in {whole} s.", headers=((b"retry-after", str(whole).encode()),))
