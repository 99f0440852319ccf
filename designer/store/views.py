"""The API of stores."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.store import schemas, services
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.models import Workspace
from designer.workspaces.views import own_id
from pipelines.flow import Collected


class Store(Endpoint):
    """What a workspace's store holds."""

    actions: ClassVar = {"get": "store.see"}

    @extend_schema(responses=schemas.Store)
    def get(self, request: Request, workspace: str) -> Response:
        return Response(services.usage(self.fetch(Workspace.objects.all(), workspace, own_id)))


class Clean(Endpoint):
    """Cleaning a workspace's store now."""

    actions: ClassVar = {"post": "store.clean"}

    @extend_schema(request=schemas.CleanSerializer, responses=Collected)
    def post(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        return Response(services.clean(found, dry_run=checked(schemas.CleanSerializer, request)["dry_run"]))
