"""Authentication by a token in the Authorization header."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from designer.http import rate_limits
from designer.http.errors import Refusal
from designer.http.outages import best_effort
from designer.workspaces.models import ApiToken
from designer.workspaces.token_hashing import digest

NOTED_EVERY = timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed
        token = ApiToken.objects.select_related("user").filter(digest=digest(parts[1].decode("latin-1"))).first()
        if token is None or not token.user.is_active:
            rate_limits.check("token.guess", rate_limits.address(request))  # a valid token is not delayed by others' guesses
            raise AuthenticationFailed
        if token.expires_at is not None and token.expires_at <= timezone.now():
            raise _expired(token)
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _expired(token: ApiToken) -> Refusal:
    words = f"The token “{token.name}” expired on {token.expires_at:%-d %B %Y at %H:%M} UTC."
    remedy = "Create a new token on the Team page, and use it instead."
    return Refusal(401, "token_expired", words, remedy=remedy, headers={"WWW-Authenticate": "Bearer"})


def _note_use(token: ApiToken) -> None:
    """Update the time of last use, at most once a minute: a write per read would make readers wait."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        with best_effort():
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token scheme in the OpenAPI schema."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
