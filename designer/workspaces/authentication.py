"""Authentication by a token in the Authorization header."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from designer.http import rate_limits
from designer.http.errors import Refusal
from designer.http.outages import best_effort
from designer.workspaces.client_keys import ClientKey
from designer.workspaces.models import ApiToken
from designer.workspaces.token_hashing import digest

NOTED_EVERY = timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        if (secret := bearer(request)) is None:
            return None
        token = ApiToken.objects.select_related("user").filter(digest=digest(secret)).first()
        if token is None or not token.user.is_active:
            raise unknown(request)
        if token.expires_at is not None and token.expires_at <= timezone.now():
            raise expired("token", token.name, token.expires_at, "Create a new token on the Team page, and use it instead.")
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def bearer(request: Request) -> str | None:
    """What stands after `Bearer` in the Authorization header; None without it.

    Raises:
        AuthenticationFailed: When it is not one word.
    """
    parts = get_authorization_header(request).split()
    if not parts or parts[0].lower() != b"bearer":
        return None
    if len(parts) != 2:
        raise AuthenticationFailed
    return parts[1].decode("latin-1")


def unknown(request: Request) -> AuthenticationFailed:
    """The refusal of an unknown secret, which is counted as a guess: a valid one is not delayed by others' guesses."""
    rate_limits.check("token.guess", rate_limits.address(request))
    return AuthenticationFailed()


def expired(noun: str, name: str, at: datetime, remedy: str) -> Refusal:
    """The refusal of a secret that has ended."""
    words = f"The {noun} “{name}” expired on {at:%-d %B %Y at %H:%M} UTC."
    return Refusal(401, f"{noun}_expired", words, remedy=remedy, headers={"WWW-Authenticate": "Bearer"})


def note_use(row: ApiToken | ClientKey) -> None:
    """Update the time of last use, at most once a minute: a write per read would make readers wait."""
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at > NOTED_EVERY:
        with best_effort():
            type(row)._default_manager.filter(pk=row.pk).update(last_used_at=now)


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token scheme in the OpenAPI schema."""

    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
