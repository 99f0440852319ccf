"""The API of one's own account: name, password and tokens."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.http import rate_limits
from designer.http.errors import Refusal, absent
from designer.workspaces import schemas
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.models import ApiToken, Membership
from designer.workspaces.people import email_of, set_password
from designer.workspaces.token_hashing import digest, new_secret

MOST_TOKENS = 100
BY_LINK = "signed_in_by_link_at"
LINK_COUNTS_SECONDS = 30 * 60


def note_link(request: HttpRequest) -> None:
    """Record that a session was opened by a link: its user may set a new password without the old one for half an hour."""
    request.session[BY_LINK] = time.time()


def needs_current_password(request: HttpRequest) -> bool:
    """Whether the current password is required to set a new one."""
    by_link = time.time() - request.session.get(BY_LINK, 0) < LINK_COUNTS_SECONDS
    return bool(request.user.has_usable_password()) and not by_link  # type: ignore[union-attr]  # the user is signed in


class Me(Endpoint):
    """Who is signed in."""

    actions: ClassVar = {"get": "me.see", "patch": "me.edit"}

    @extend_schema(responses=schemas.Me)
    def get(self, request: Request) -> Response:
        memberships = Membership.objects.filter(user=self.person).select_related("workspace").order_by("since", "pk")
        needs = needs_current_password(request._request) if request.auth is None else self.person.has_usable_password()
        return Response(schemas.Me.of(self.person, memberships, needs_current_password=needs, has_ray=bool(settings.EASEL_RAY_ADDRESS)))

    @extend_schema(request=schemas.MeEditSerializer, responses=schemas.Me)
    def patch(self, request: Request) -> Response:
        trail.about_person(self.person.pk, email_of(self.person))
        asked = checked(schemas.MeEditSerializer, request)
        if "password" in asked:
            self._set_password(request, asked["password"], asked.get("current_password", ""))
        if "name" in asked:
            self.person.first_name = asked["name"]
            self.person.save(update_fields=["first_name"])
        return self.get(request)

    def _set_password(self, request: Request, new: str, current: str) -> None:
        if isinstance(request.auth, ApiToken):
            raise Refusal(403, "needs_session", "A token cannot change the password.", remedy="Sign in and change it under Your account.")
        user, key = self.person, rate_limits.who(request)
        if needs_current_password(request._request):
            rate_limits.check("password.change", key)
            if not user.check_password(current):
                raise Refusal(403, "wrong_password", "The current password is incorrect.", remedy="Enter it again.")
            rate_limits.forgive("password.change", key)
        set_password(user, new)
        update_session_auth_hash(request._request, user)


class Tokens(Endpoint):
    """One's own tokens."""

    actions: ClassVar = {"get": "token.see", "post": "token.make"}

    @extend_schema(responses=list[schemas.Token])
    def get(self, request: Request) -> Response:
        return Response([schemas.Token.of(token) for token in ApiToken.objects.filter(user=self.person).order_by("created_at")])

    @extend_schema(request=schemas.TokenAskSerializer, responses={201: schemas.NewToken})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.TokenAskSerializer, request)
        if ApiToken.objects.filter(user=self.person).count() >= MOST_TOKENS:
            raise Refusal(
                409,
                "too_many_tokens",
                f"You already have {MOST_TOKENS} tokens, the maximum.",
                remedy="Revoke tokens that you no longer use.",
            )
        secret = new_secret("easel_")
        token = ApiToken(user=self.person, name=asked["name"], digest=digest(secret), scope=asked["scope"])
        if asked["days"] is not None:
            token.expires_at = timezone.now() + timedelta(days=asked["days"])
        if isinstance(request.auth, ApiToken):
            _not_longer(token, request.auth)
        token.save()
        return Response(schemas.NewToken.of(token, token=secret), status=201)


def _not_longer(token: ApiToken, by: ApiToken) -> None:
    """An expiring token cannot create one that expires later."""
    if by.expires_at is not None and (token.expires_at is None or token.expires_at > by.expires_at):
        words = f"A token that expires on {by.expires_at:%-d %B %Y} cannot create one that expires later."
        raise Refusal(403, "outlives_token", words, remedy="Use fewer days, or create the token on the Team page.", field="days")


class OneToken(Endpoint):
    """Revoking a token, at once."""

    actions: ClassVar = {"delete": "token.revoke"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token: str) -> Response:
        found = ApiToken.objects.filter(user=self.person, pk=token).first()
        if found is None:
            raise absent()
        trail.about(kind="token", subject=found.pk, name=found.name)
        found.delete()
        return Response(status=204)
