"""Who sends a request: its key, from a header alone, compared by hash, with its rate."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from designer.endpoints.serving.rates import Rates
from designer.endpoints.serving.replies import absent, unauthorized, wait
from designer.endpoints.serving.routing import Routing, Served

BEARER = b"bearer "
TICKET = b"ticket."  # of the test page: signed, for one endpoint, for a minute
LONGEST_KEY = 500


@dataclass(slots=True)
class Caller:
    """The endpoint that a request's key is for. Requests of the test page are not counted."""

    served: Served
    counted: bool = True


class Callers:
    """Recognizes keys, and holds their rates.

    Args:
        read_ticket: Returns the endpoint that a ticket is for; None for a forged or old one.
    """

    def __init__(self, read_ticket: Callable[[str], str | None]) -> None:
        self.rates, self.used = Rates(), dict[str, float]()
        self._read_ticket = read_ticket

    def of(self, scope: MutableMapping[str, Any], routing: Routing) -> Caller:
        """The caller of a request.

        Raises:
            Refused: 401 without a valid key, 429 when its rate is used up.
        """
        secret = b""
        for name, value in scope["headers"]:
            if name == b"authorization" and value[:7].lower() == BEARER:
                secret = value[7:].strip()
            elif name == b"x-api-key":
                secret = value.strip()
        if not secret or len(secret) > LONGEST_KEY:
            raise unauthorized()
        if secret.startswith(TICKET):
            return self._of_ticket(secret.removeprefix(TICKET), routing)
        now = time.time()
        key = routing.key(secret, now)
        served = None if key is None else routing.endpoints.get(key.endpoint)
        if key is None or served is None:
            raise unauthorized()
        if seconds := self.rates.take(key.id, key.rate, routing.processes, time.monotonic()):
            raise wait("too_many", f"The key allows {key.rate} requests a minute.", seconds)
        self.used[key.id] = now
        return Caller(served)

    def _of_ticket(self, ticket: bytes, routing: Routing) -> Caller:
        endpoint = self._read_ticket(ticket.decode("latin-1"))
        served = None if endpoint is None else routing.endpoints.get(endpoint)
        if served is None:
            raise unauthorized() if endpoint is None else absent()
        return Caller(served, counted=False)
