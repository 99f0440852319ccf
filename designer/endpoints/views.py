"""The API of endpoints."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.endpoints import drift, monitor_schemas, monitor_settings, moves, queries, schemas, services, testing
from designer.endpoints.models import Endpoint as Row
from designer.http.errors import absent
from designer.workspaces.endpoint import Endpoint, checked, queried
from designer.workspaces.people import email_of
from designer.workspaces.permissions import visible, workspace_for
from pipelines.models import Run

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
MOST_LISTED = 1000


class Endpoints(Endpoint):
    """The endpoints one may see, and publishing one."""

    actions: ClassVar = {"get": "endpoint.list", "post": "endpoint.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.EndpointBrief])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Row.objects.all(), request.query_params.get("workspace"))
        return Response(queries.briefs(found.order_by("name")[:MOST_LISTED]))

    @extend_schema(request=schemas.NewEndpointSerializer, responses={201: schemas.Endpoint})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.NewEndpointSerializer, request)
        wanted = asked.get("workspace") or self.fetch(Run.objects.only("scope"), asked["run"], attrgetter("scope")).scope
        made = services.make(workspace_for(self.person, self.action, wanted), asked, email_of(self.person))
        return Response(queries.detail(made), status=201)


class OfEndpoint(Endpoint):
    """A view on one endpoint."""

    def endpoint(self, id: str) -> Row:
        """The endpoint, through the choke point."""
        return self.fetch(Row.objects.select_related("workspace"), id)


class OneEndpoint(OfEndpoint):
    """An endpoint: seeing it, changing its settings, deleting it."""

    actions: ClassVar = {"get": "endpoint.see", "patch": "endpoint.edit", "delete": "endpoint.delete"}

    @extend_schema(responses=schemas.Endpoint)
    def get(self, request: Request, endpoint: str) -> Response:
        return Response(queries.detail(self.endpoint(endpoint)))

    @extend_schema(request=schemas.EndpointSettingsSerializer, responses=schemas.Endpoint)
    def patch(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        services.change(found, checked(schemas.EndpointSettingsSerializer, request))
        return Response(queries.detail(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, endpoint: str) -> Response:
        services.delete(self.endpoint(endpoint))
        return Response(status=204)


class Versions(OfEndpoint):
    """The versions of an endpoint, and publishing another one."""

    actions: ClassVar = {"get": "endpoint.see", "post": "endpoint.publish"}

    @extend_schema(responses=list[schemas.PublishedVersion])
    def get(self, request: Request, endpoint: str) -> Response:
        return Response(queries.versions(self.endpoint(endpoint)))

    @extend_schema(request=schemas.NewEndpointVersionSerializer, responses={201: schemas.PublishedVersion})
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        made = services.publish(found, checked(schemas.NewEndpointVersionSerializer, request), email_of(self.person))
        trail.details(version=made.number)
        return Response(queries.version_of(made, 0, set()), status=201)


class OneVersion(OfEndpoint):
    """A version: seeing it, stopping or starting it."""

    actions: ClassVar = {"get": "endpoint.see", "patch": "endpoint.run"}

    @extend_schema(responses=schemas.PublishedVersion)
    def get(self, request: Request, endpoint: str, number: int) -> Response:
        version = next((each for each in queries.versions(self.endpoint(endpoint)) if each.number == number), None)
        if version is None:
            raise absent()
        return Response(version)

    @extend_schema(request=schemas.EndpointRunningSerializer, responses=schemas.PublishedVersion)
    def patch(self, request: Request, endpoint: str, number: int) -> Response:
        found = self.endpoint(endpoint)
        version = services.set_running(found, number, running=checked(schemas.EndpointRunningSerializer, request)["running"])
        trail.details(version=number)
        return Response(queries.version_of(version, moves.shares_of(found).get(number, 0), set()))


class Alias(OfEndpoint):
    """Which versions take the requests: the history of moves, and a move."""

    actions: ClassVar = {"get": "endpoint.see", "put": "endpoint.move"}

    @extend_schema(responses=list[schemas.EndpointMove])
    def get(self, request: Request, endpoint: str) -> Response:
        return Response([*map(schemas.EndpointMove.of, self.endpoint(endpoint).moves.order_by("-revision")[: moves.MOST_HISTORY])])

    @extend_schema(request=schemas.EndpointSharesSerializer, responses=schemas.Endpoint)
    def put(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        asked = checked(schemas.EndpointSharesSerializer, request)
        by, why = email_of(self.person), asked.get("why", "")
        moved = moves.move(found, lambda _: asked["shares"], by=by, kind="shares", why=why, expected=asked.get("revision"))
        trail.details(shares=", ".join(f"{number}: {share}\u00a0%" for number, share in sorted(asked["shares"].items())))
        return Response(queries.detail(moved))


class Rollback(OfEndpoint):
    """Giving all requests back to the version that last had them."""

    actions: ClassVar = {"post": "endpoint.rollback"}

    @extend_schema(request=schemas.EndpointWhySerializer, responses=schemas.Endpoint)
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        asked = checked(schemas.EndpointWhySerializer, request)
        return Response(queries.detail(moves.roll_back(found, by=email_of(self.person), why=asked.get("why", ""))))


class Keys(OfEndpoint):
    """The keys of an endpoint, and making one, which is shown once."""

    actions: ClassVar = {"get": "endpoint_key.see", "post": "endpoint_key.make"}

    @extend_schema(responses=list[schemas.EndpointKey])
    def get(self, request: Request, endpoint: str) -> Response:
        return Response([*map(schemas.EndpointKey.of, self.endpoint(endpoint).keys.order_by("created_at"))])

    @extend_schema(request=schemas.NewEndpointKeySerializer, responses={201: schemas.NewEndpointKey})
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        trail.details(endpoint=found.name)
        row, secret = services.make_key(found, checked(schemas.NewEndpointKeySerializer, request), email_of(self.person))
        return Response(schemas.NewEndpointKey.of(row, key=secret), status=201)


class OneKey(OfEndpoint):
    """A key: revoking it."""

    actions: ClassVar = {"delete": "endpoint_key.revoke"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, endpoint: str, key: str) -> Response:
        row = self.endpoint(endpoint).keys.filter(pk=key).first()
        if row is None:
            raise absent()
        trail.details(key=row.name, key_id=row.pk)
        services.revoke(row)
        return Response(status=204)


class Monitor(OfEndpoint):
    """Requests, errors and times by minute and version."""

    actions: ClassVar = {"get": "endpoint.see"}

    @extend_schema(parameters=[monitor_schemas.MinutesSerializer], responses=monitor_schemas.EndpointMonitor)
    def get(self, request: Request, endpoint: str) -> Response:
        minutes = queried(monitor_schemas.MinutesSerializer, request)["minutes"]
        return Response(queries.monitor(self.endpoint(endpoint), minutes))


class Drift(OfEndpoint):
    """What a version receives and answers beside its reference, and the windows that were judged."""

    actions: ClassVar = {"get": "endpoint.see"}

    @extend_schema(parameters=[monitor_schemas.OfVersionSerializer], responses=monitor_schemas.EndpointDrift)
    def get(self, request: Request, endpoint: str) -> Response:
        number = queried(monitor_schemas.OfVersionSerializer, request).get("version")
        return Response(drift.drift(self.endpoint(endpoint), number, timezone.now()))


class MonitorSettings(OfEndpoint):
    """Changing how an endpoint is watched."""

    actions: ClassVar = {"put": "endpoint.watch"}

    @extend_schema(request=monitor_schemas.EndpointMonitorSettingsSerializer, responses=monitor_schemas.EndpointDrift)
    def put(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        asked = checked(monitor_schemas.EndpointMonitorSettingsSerializer, request)
        secrets, notes = monitor_settings.change_settings(found, asked, self.person)
        shown = drift.drift(found, None, timezone.now())
        shown.notices.secrets, shown.notices.notes = secrets, notes
        return Response(shown)


class Test(OfEndpoint):
    """Sending a body to the endpoint without a key. It is not counted."""

    actions: ClassVar = {"post": "endpoint.test"}

    @extend_schema(request=schemas.EndpointTestSerializer, responses=schemas.EndpointTested)
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        asked = checked(schemas.EndpointTestSerializer, request)
        return Response(testing.ask(found, asked["body"], asked.get("version")))
