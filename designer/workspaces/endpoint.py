"""Base class of every view: it declares its actions by method, and fetches objects through `permissions.get_for`.

It also counts calls against the rate limits and writes changes to the audit trail, both in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote, unquote

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views import View
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.actions import LEAST, READS, TABLE, UNKNOWN
from designer.audit import trail
from designer.http import rate_limits
from designer.http.errors import Refusal, absent
from designer.http.openapi import query_keys
from designer.http.wrong_values import validated
from designer.workspaces.client_keys import ClientKey
from designer.workspaces.models import ApiToken
from designer.workspaces.permission_class import action_of
from designer.workspaces.permissions import get_for, is_operator

M = TypeVar("M", bound=Model)
METHODS = ("get", "post", "put", "patch", "delete")
SAFE = ("get", "head")
CSRF = "csrf"
by_workspace = attrgetter("workspace_id")


def leaves_a_row(action: str | None, method: str) -> bool:
    """Whether a call is audited: every change, and the reads that export data."""
    return action is not None and (method.lower() not in SAFE or action in READS)


class Endpoint(APIView):
    """Base class of the REST views."""

    actions: ClassVar[Mapping[str, str]] = {}
    takes_no_body = False  # of a view whose changes are all asked for by their address: a body is refused
    takes_any_query = False  # of a view whose address others complete: keys that nothing reads pass
    http_method_names = [*METHODS, "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method or ""
        action = action_of(self, method)
        if action is None or not leaves_a_row(action, method):
            return super().dispatch(request, *args, **kwargs)
        self._session_user = request.user  # lazy; DRF replaces it when it rejects the session
        with trail.drafting(action) as draft:
            try:
                response = super().dispatch(request, *args, **kwargs)
            except Exception:
                self._record(draft, 500, {"error": {"code": "internal"}})
                raise
            self._record(draft, response.status_code, response.data if isinstance(response, Response) else None)
        return response

    def _record(self, draft: trail.Draft, status: int, said: Any) -> None:
        request = self.request
        if status == 201 and hasattr(said, "id"):
            draft.subject, draft.name = str(said.id), str(getattr(said, "name", "") or getattr(said, "title", "") or draft.name)
            draft.kind = TABLE.get(draft.action, UNKNOWN).kind or draft.kind
            draft.workspace = draft.subject if draft.kind == "workspace" else draft.workspace
        draft.code = said["error"]["code"] if status >= 400 and isinstance(said, dict) and "error" in said else draft.code
        # The plain property authenticates again after a failure, and would count a guess twice.
        user, token = getattr(request, "_user", None), getattr(request, "_auth", None)
        if status == 403 and not isinstance(user, User):  # the session belongs to a user, but the CSRF token is missing
            user, draft.code = self._session_user, CSRF
        _sign(draft, request._request, user)
        draft.via = "session" if isinstance(user, User) else ""
        if isinstance(token, ClientKey):
            draft.via, draft.details = "key", draft.details | {"key": token.name, "key_id": token.pk}
        if isinstance(token, ApiToken):
            draft.via, draft.token = "token", token.pk
            draft.details |= {"token": token.name}
        trail.record(draft, status)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\x00" in str(part) for part in kwargs.values()):  # PostgreSQL rejects NUL, even in a query
            raise absent()
        if "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            words = "The address contains the character NUL, which no name has."
            raise Refusal(400, "bad_request", words, remedy="Remove %00 from the address.")
        if limit := TABLE.get(action_of(self, request.method or "") or "", UNKNOWN).rate:
            rate_limits.check(limit, rate_limits.who(request))
        if self.takes_no_body:
            refuse_unknown(request.data)
        if request.query_params and not self.takes_any_query:
            method = "get" if request.method == "HEAD" else request.method or ""
            known = query_keys(type(self), method)  # type: ignore[arg-type]  # mypy takes the hash of a class for that of its objects
            refuse_unknown(request.query_params, known, "query string")

    @property
    def person(self) -> User:
        """The signed-in user."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    @property
    def action(self) -> str:
        """The action of this call."""
        action = action_of(self, self.request.method or "")
        assert action is not None
        return action

    def fetch(self, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = by_workspace, action: str | None = None) -> M:
        """The object, through `permissions.get_for`."""
        return get_for(self.person, action or self.action, found, id, workspace_of)


def record_forgery(request: HttpRequest) -> None:
    """Audit a form that another site sent, with the account of its session."""
    match = request.resolver_match
    view = getattr(match.func, "view_class", None) if match else None
    action = action_of(view, request.method or "") if hasattr(view, "actions") else None
    draft = trail.Draft(action or "", code=CSRF)
    _sign(draft, request, request.user)
    draft.via = "session" if draft.user_id is not None else ""
    trail.record(draft, 403)


def _sign(draft: trail.Draft, request: HttpRequest, user: User | AnonymousUser | None) -> None:
    """Set the person and the address."""
    draft.address = request.META.get("REMOTE_ADDR", "")
    if isinstance(user, User):
        draft.user_id, draft.user_name = user.pk, user.email or user.username


def checked(serializer: type[Any], request: Request, *, partial: bool = False, beside: Iterable[str] = ()) -> dict[str, Any]:
    """The body, validated by a serializer; with `partial` what is required may be left out, and `beside` are keys that others read.

    Raises:
        Refusal: 400 when it has a key that nothing reads, or a wrong value.
    """
    asked = serializer(data=request.data, partial=partial)
    refuse_unknown(request.data, [*asked.fields, *beside])
    valid = validated(asked)
    trail.keep_of(valid)
    return valid


def refuse_unknown(data: Any, known: Iterable[str] = (), part: str = "body") -> None:
    """Refuse a body or a query string with a key that nothing reads, which is a slip or asks for what there is not.

    Raises:
        Refusal: 400, naming the key and those that are known.
    """
    keys = sorted(known)
    if isinstance(data, Mapping) and (strange := sorted(map(str, data.keys() - set(keys)))):
        words = f"The {'request' if part == 'body' else part} has the unknown key “{strange[0][:60]}”."
        remedy = f"Its keys are {', '.join(keys)}." if keys else f"Send it without a {part}."
        raise Refusal(400, "bad_request", words, remedy=remedy, field=strange[0][:60])


def queried(serializer: type[Any], request: Request) -> dict[str, Any]:
    """The query string, validated by a serializer."""
    return validated(serializer(data=request.query_params))


class Page(View):
    """Base class of HTML pages: redirects anonymous users to the sign-in form."""

    actions: ClassVar[Mapping[str, str]] = {}
    http_method_names = ["get", "post", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        action = action_of(self, request.method or "")
        if action is not None and LEAST[action] == "operator":
            if not is_operator(request.headers.get("Authorization", "")):
                raise Http404
        elif action is not None and LEAST[action] != "public" and not request.user.is_authenticated:
            return HttpResponseRedirect(f"/sign-in?next={quote(request.get_full_path())}")
        if action is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        kept = leaves_a_row(action, request.method or "")
        with trail.drafting(action) as draft:
            if kept:
                _sign(draft, request, request.user)  # the user is known before signing out, and after signing in
            response = super().dispatch(request, *args, **kwargs)
            if kept or response.status_code in (410, 429):  # a guessed link
                _sign(draft, request, request.user)
                draft.via = draft.via or ("session" if draft.user_id is not None else "")
                trail.record(draft, response.status_code)
        return response
