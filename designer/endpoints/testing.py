"""A test of an endpoint from its page: the web process asks a serving process, as a client would, with a ticket instead of a key."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

from designer.endpoints.models import Endpoint
from designer.endpoints.schemas import EndpointTested
from designer.endpoints.tickets import write_ticket
from designer.http.errors import Refusal

PATIENCE_SECONDS = 15.0
LONGEST_ANSWER = 10_000_000


def ask(endpoint: Endpoint, body: Any, version: int | None) -> EndpointTested:
    """Send a body to an endpoint.

    Raises:
        Refusal: 409 when no serving process answers.
    """
    chosen = "" if version is None else f"/versions/{version}"
    address = f"{settings.EASEL_SERVE_URL}/serve/{endpoint.workspace_id}/{endpoint.name}{chosen}/score"
    headers = {"Content-Type": "application/json", "X-API-Key": write_ticket(endpoint.pk)}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")
    started = time.perf_counter()
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as found:
            status, text = found.status, found.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as refused:
        status, text = refused.code, refused.read(LONGEST_ANSWER)
    except OSError as fault:
        words = f"No serving process answers at {settings.EASEL_SERVE_URL}: {getattr(fault, 'reason', fault)}."
        raise Refusal(409, "not_served", words, remedy="Start one with `manage.py serve_endpoints`, or set EASEL_SERVE_URL.") from None
    milliseconds = (time.perf_counter() - started) * 1000
    try:
        return EndpointTested(status, milliseconds, json.loads(text))
    except ValueError:
        return EndpointTested(status, milliseconds, text[:1000].decode(errors="replace"))


class _Direct(urllib.request.HTTPRedirectHandler):
    """A ticket is not sent to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Direct())
