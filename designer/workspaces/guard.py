"""What every view is made of: it declares its actions by method, and fetches objects through the choke point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views import View
from rest_framework.request import Request
from rest_framework.views import APIView

from designer.errors import absent
from designer.workspaces.gate import action_of
from designer.workspaces.permissions import LEAST, get_for, is_operator

M = TypeVar("M", bound=Model)
METHODS = ("get", "post", "put", "patch", "delete")
by_workspace = attrgetter("workspace_id")


class Endpoint(APIView):
    """A REST view."""

    actions: ClassVar[Mapping[str, str]] = {}
    http_method_names = [*METHODS, "head"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\x00" in str(part) for part in kwargs.values()):  # PostgreSQL takes no NUL, not even in a question
            raise absent()

    @property
    def person(self) -> User:
        """Who is signed in."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    @property
    def action(self) -> str:
        """What this call means to do."""
        action = action_of(self, self.request.method or "")
        assert action is not None
        return action

    def fetch(self, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = by_workspace, action: str | None = None) -> M:
        """The object, through the choke point."""
        return get_for(self.person, action or self.action, found, id, workspace_of)


def checked(serializer: type[Any], request: Request) -> dict[str, Any]:
    """The body, in the form that a serializer says."""
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    valid: dict[str, Any] = asked.validated_data
    return valid


class Page(View):
    """A page for people: sends the signed out to the sign-in form."""

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
        return super().dispatch(request, *args, **kwargs)
