"""DRF permission class of every REST view: a view without an action for the method is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from designer.actions import LEAST
from designer.workspaces.models import ApiToken
from designer.workspaces.permissions import require_scope


def action_of(view: Any, method: str) -> str | None:
    """The action that a view declares for a method."""
    actions: Mapping[str, str] = view.actions
    return actions.get("get" if method.lower() == "head" else method.lower())


class MayCall(BasePermission):
    """Allows a call when the action is public, or the user is signed in; a view without an action is closed.

    A token must have the action's scope.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or ""
        if not hasattr(view, method.lower()):
            return True  # DRF answers 405
        action = action_of(view, method) if hasattr(view, "actions") else None
        if action is None:
            return False
        if isinstance(request.auth, ApiToken):
            require_scope(request.auth.scope, action)
        return LEAST[action] == "public" or bool(request.user.is_authenticated)
