"""Error handlers for requests that no view handles: JSON below /api/, else a page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from designer.http.errors import absent, body, unavailable
from designer.http.outages import outage_of
from designer.workspaces.endpoint import record_forgery


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 handler."""
    return _say(request, 404, absent().body, "Page not found.")


def broken(request: HttpRequest) -> HttpResponse:
    """The 500 handler. An outage of the database or a full disk gets 503; anything else is a bug."""
    if found := outage_of(sys.exc_info()[1]):
        refusal = unavailable(found)
        return _say(request, refusal.status, refusal.body, str(refusal), refusal.headers)
    said = body("internal", "Something went wrong on the server. See the log of the server.", remedy="Try again in a moment.")
    return _say(request, 500, said, "Something went wrong on the server.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself rejects, such as an unknown Host header."""
    return _say(request, 400, body("bad_request", "The server does not accept this request."), "The server does not accept this request.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 403 handler outside the API."""
    return _say(request, 403, body("forbidden", "This is not allowed."), "This is not allowed.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or an outdated one."""
    record_forgery(request)
    said = body("csrf", "The page is out of date.", remedy="Reload it and try again.")
    return _say(request, 403, said, "The page is out of date. Reload it and try again.")


def _say(request: HttpRequest, status: int, said: dict[str, Any], words: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(said, status=status)
    else:
        remedy = said["error"]["remedy"]
        response = render(None, "failure.html", {"words": words, "remedy": remedy if status == 503 else None}, status=status)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
