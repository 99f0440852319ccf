"""Request ids, request logging and duration metrics; counts open websockets."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Gauge, Histogram

from pipelines.flow import add_context, log_context

log = logging.getLogger(__name__)
HEADER = "X-Request-ID"
FIT = re.compile(r"[\w.:-]{1,64}", re.ASCII)
QUIET = ("/health", "/ready", "/metrics")
SECONDS = Histogram(
    "easel_http_request_seconds",
    "Time to the answer of a request, by method, address pattern and status.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
SOCKETS = Gauge("easel_sockets_open", "Open websockets, by what they watch.", ("watching",), multiprocess_mode="livesum")


class Requests:
    """Middleware: takes the request id from the proxy or creates one, and returns it in the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        with log_context(request_id=fit_id(request.headers.get(HEADER, ""))) as facts:
            response = self.get_response(request)
            self._note(request, response.status_code, time.perf_counter() - began)
        response.headers[HEADER] = facts["request_id"]
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, str]) -> None:
        add_context(**{name: kwargs[name] for name in ("run", "node") if name in kwargs})

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
        SECONDS.labels(method, match.route if match else "none", status).observe(seconds)
        level = logging.DEBUG if request.path in QUIET else logging.INFO
        path = shown_path(request.path, match.kwargs if match else {})
        log.log(level, "%s %s: %s", request.method, path, status, extra={"status": status, "seconds": round(seconds, 4)})


class Sockets:
    """ASGI middleware that counts open websockets, and gives each an id for the log."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        watching = scope["path"].split("/")[2] if scope["path"].startswith(("/ws/pipelines/", "/ws/runs/")) else "none"
        with log_context(request_id=uuid4().hex), SOCKETS.labels(watching).track_inprogress():
            await self.application(scope, receive, send)


def shown_path(path: str, kwargs: Mapping[str, str]) -> str:
    """A path without the secret of a sign-in link or an invitation, which would let readers of the log in."""
    secret = kwargs.get("secret")
    return path.removesuffix(secret) + "…" if secret else path


def fit_id(given: str) -> str:
    """The request id from the proxy; a new one when it is missing or unsafe for a log."""
    return given if FIT.fullmatch(given) else uuid4().hex
