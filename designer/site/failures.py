"""What is answered when no view is reached: JSON below /api/, else a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from designer.errors import absent, body


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return _say(request, 404, absent().body, "Page not found.")


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours; the log has it."""
    said = body("internal", "Something went wrong on the server; it is in the server's log.", remedy="Try again in a moment.")
    return _say(request, 500, said, "Something went wrong on the server.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refuses, such as a strange Host header."""
    return _say(request, 400, body("bad_request", "The server does not take this request."), "The server does not take this request.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused outside the API."""
    return _say(request, 403, body("forbidden", "This is not allowed."), "This is not allowed.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one too old."""
    said = body("csrf", "The page you sent this from is too old.", remedy="Reload it and try again.")
    return _say(request, 403, said, "The page you sent this from is too old. Reload it and try again.")


def _say(request: HttpRequest, status: int, said: dict[str, object], words: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(said, status=status)
    return render(None, "failure.html", {"words": words}, status=status)
