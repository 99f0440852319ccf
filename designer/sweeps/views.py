"""The API of sweeps."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.documents.models import Pipeline
from designer.sweeps import queries as read
from designer.sweeps import schemas, services
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible
from pipelines.models import Sweep

MOST_LISTED = 200
FILTERS = [OpenApiParameter("workspace", str), OpenApiParameter("pipeline", str)]


class Sweeps(Endpoint):
    """The newest sweeps one may see, and starting one."""

    actions: ClassVar = {"get": "sweep.list", "post": "sweep.start"}

    @extend_schema(parameters=FILTERS, responses=list[schemas.SweepBrief])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Sweep.objects.all(), request.query_params.get("workspace"), "scope")
        if pipeline := request.query_params.get("pipeline"):
            found = found.filter(document=self.fetch(Pipeline.objects.all(), pipeline).pk)
        return Response(read.brief(list(found.order_by("-created_at")[:MOST_LISTED])))

    @extend_schema(request=schemas.StartSweepSerializer, responses={201: schemas.Sweep})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.StartSweepSerializer, request)
        pipeline = self.fetch(Pipeline.objects.select_related("workspace"), asked.pop("pipeline"))
        return Response(read.whole(services.start(pipeline, self.person, **asked)), status=201)


class SweepEndpoint(Endpoint):
    """A view on one sweep."""

    def sweep(self, id: str) -> Sweep:
        """The sweep, through the choke point."""
        return self.fetch(Sweep.objects.all(), id, attrgetter("scope"))


class OneSweep(SweepEndpoint):
    """A sweep with its runs side by side."""

    actions: ClassVar = {"get": "sweep.see"}

    @extend_schema(responses=schemas.Sweep)
    def get(self, request: Request, sweep: str) -> Response:
        return Response(read.whole(self.sweep(sweep)))


class Cancel(SweepEndpoint):
    """Cancelling all runs of a sweep that are not over."""

    actions: ClassVar = {"post": "sweep.cancel"}
    takes_no_body = True

    @extend_schema(request=None, responses=schemas.Sweep)
    def post(self, request: Request, sweep: str) -> Response:
        found = self.sweep(sweep)
        services.cancel(found)
        found.refresh_from_db()
        return Response(read.whole(found))
