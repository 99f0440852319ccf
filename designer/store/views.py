"""The API of stores."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.store import serializers as shapes
from designer.store import services
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.models import Workspace
from designer.workspaces.views import own_id


class Store(Endpoint):
    """What a workspace's store holds."""

    actions: ClassVar = {"get": "store.see"}

    @extend_schema(responses=shapes.StoreSerializer)
    def get(self, request: Request, workspace: str) -> Response:
        return Response(services.holding(self.fetch(Workspace.objects.all(), workspace, own_id)))


class Clean(Endpoint):
    """Cleaning a workspace's store now."""

    actions: ClassVar = {"post": "store.clean"}

    @extend_schema(request=shapes.CleanSerializer, responses=shapes.CleanedSerializer)
    def post(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        dry_run = checked(shapes.CleanSerializer, request)["dry_run"]
        return Response({"dry_run": dry_run, **asdict(services.clean(found, dry_run=dry_run))})
