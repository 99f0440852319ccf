"""The API of notices."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.notices import schemas, services
from designer.notices.models import Notice
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
ENDPOINT = OpenApiParameter("endpoint", str, description="Only of this endpoint.")
MOST_LISTED = 100


class Notices(Endpoint):
    """The newest notices of the workspaces that one may see."""

    actions: ClassVar = {"get": "notice.list"}

    @extend_schema(parameters=[WORKSPACE, ENDPOINT], responses=list[schemas.Notice])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Notice.objects.all(), request.query_params.get("workspace"))
        if endpoint := request.query_params.get("endpoint"):
            found = found.filter(endpoint=endpoint[:64])
        rows = list(found.select_related("schedule", "endpoint").prefetch_related("deliveries").order_by("-pk")[:MOST_LISTED])
        unread = set(services.unread(self.person).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        return Response([schemas.Notice.of(row, unread) for row in rows])


class Unread(Endpoint):
    """How many notices one has not read."""

    actions: ClassVar = {"get": "notice.see"}

    @extend_schema(responses=schemas.Unread)
    def get(self, request: Request) -> Response:
        return Response(schemas.Unread(services.unread(self.person).count()))


class Read(Endpoint):
    """Marking notices as read, for oneself."""

    actions: ClassVar = {"post": "notice.read"}

    @extend_schema(request=schemas.ReadSerializer, responses=schemas.Unread)
    def post(self, request: Request) -> Response:
        services.mark_read(self.person, checked(schemas.ReadSerializer, request).get("ids"))
        return Response(schemas.Unread(services.unread(self.person).count()))
