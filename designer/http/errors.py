"""API errors: one response format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from designer.http.outages import Outage
from pipelines.catalogue.errors import ModuleError
from pipelines.flow import Problem, UnsoundGraph

PLACES = ("node", "port", "param", "edge")


class Fault(msgspec.Struct, kw_only=True):
    """Why a request was refused, where, and what to do. Keys without a value here are sent only where they apply."""

    code: str
    words: str
    remedy: str | None
    node: str | None = None
    port: str | None = None
    param: str | None = None
    edge: tuple[str, str] | None = None
    column: str | msgspec.UnsetType | None = msgspec.UNSET
    field: str | msgspec.UnsetType | None = msgspec.UNSET
    problems: list[Problem] | msgspec.UnsetType = msgspec.UNSET
    revision: int | msgspec.UnsetType = msgspec.UNSET


class Error(msgspec.Struct):
    """The body of every refusal."""

    error: Fault


class Refusal(Exception):
    """A refused request: a status, a code for programs, and a message and a remedy for people."""

    def __init__(
        self, status: int, code: str, words: str, *, remedy: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(words)
        self.status = status
        self.headers = dict(headers or {})
        self.body = body(code, words, remedy=remedy, **more)


def body(code: str, words: str, *, remedy: str | None = None, **more: Any) -> dict[str, Any]:
    """The error body; `more` may have a place, problems or a revision."""
    made: dict[str, Any] = msgspec.to_builtins(Error(Fault(code=code, words=words, remedy=remedy, **more)))
    return made


def absent() -> Refusal:
    """The same 404 for an object that does not exist and for one that the user may not see."""
    return Refusal(
        404,
        "not_found",
        "This does not exist, or you have no access to it.",
        remedy="Check the address, or ask the person who sent it to you.",
    )


def invalid_graph(problems: Iterable[Problem], status: int = 422) -> Refusal:
    """The refusal of a graph that cannot be read or run, with its first problem as the message."""
    listed = list(problems)
    first = next((problem for problem in listed if problem.severity == "error"), listed[0])
    places = {place: getattr(first, place) for place in PLACES}
    return Refusal(status, first.code, first.words, remedy=first.remedy, problems=listed, **places)


def unavailable(found: Outage) -> Refusal:
    """The refusal while the database or the disk is unavailable."""
    return Refusal(503, found.code, found.words, remedy=found.remedy, headers={"Retry-After": str(found.retry_after)})


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The API's response to an exception; None leaves outages and unexpected errors to the log and `handler500`."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    return Response(refusal.body, status=refusal.status, headers=refusal.headers)


def _refusal(error: Exception) -> Refusal | None:
    match error:
        case Refusal():
            return error
        case UnsoundGraph():
            return invalid_graph(error.problems)
        case ModuleError():
            return Refusal(400, error.code, error.words, remedy=error.remedy, param=error.param, column=error.column)
        case Http404():
            return absent()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            headers = {"WWW-Authenticate": "Bearer"}
            return Refusal(401, "signed_out", "You are signed out.", remedy="Sign in, or send a valid token.", headers=headers)
        case exceptions.PermissionDenied() | PermissionDenied():
            detail = str(getattr(error, "detail", "") or "This is not allowed.")
            return Refusal(403, "forbidden", detail, remedy="Reload the page and try again.")
        case exceptions.MethodNotAllowed():
            words = f"{error.args[0]} cannot be sent to this address." if error.args else "This method cannot be sent to this address."
            return Refusal(405, "method_not_allowed", words, remedy="The header Allow of this answer lists the methods that can.")
        case exceptions.UnsupportedMediaType():
            return Refusal(
                415, "unsupported_media_type", "The body has a content type that is not read here.", remedy="Send JSON: application/json."
            )
        case exceptions.APIException():
            return Refusal(error.status_code, str(error.get_codes()), str(error.detail))
    return None
