"""Authentication by the key of a client of a published pipeline."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from designer.published.models import PublishedKey
from designer.workspaces.authentication import BearerToken, bearer, expired, note_use, unknown
from designer.workspaces.token_hashing import digest


class ClientKeys(BaseAuthentication):
    """`Authorization: Bearer KEY`. The key acts for the person who made it; a view makes sure that it stays at its published pipeline."""

    def authenticate(self, request: Request) -> tuple[User, PublishedKey] | None:
        secret = bearer(request)
        if secret is None or not secret.startswith(PublishedKey.PREFIX):
            return None
        key = PublishedKey.objects.select_related("person").filter(digest=digest(secret)).first()
        if key is None or not key.person.is_active:
            raise unknown(request)
        if key.expires_at is not None and key.expires_at <= timezone.now():
            raise expired("key", key.name, key.expires_at, "Ask for a new key, and use it instead.")
        note_use(key)
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ClientKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The scheme of client keys in the OpenAPI schema."""

    target_class = ClientKeys
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


WITH_KEYS = (ClientKeys, BearerToken, SessionAuthentication)
