"""The API of connections."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.connections import schemas, services
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible, workspace_for
from pipelines.models import Connection

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
MOST_LISTED = 1000


class Connections(Endpoint):
    """The connections one may see, and making one."""

    actions: ClassVar = {"get": "connection.list", "post": "connection.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.Connection])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Connection.objects.all(), request.query_params.get("workspace"), "scope")
        return Response([*map(schemas.Connection.of, found.order_by("name")[:MOST_LISTED])])

    @extend_schema(request=schemas.NewConnectionSerializer, responses={201: schemas.Connection})
    def post(self, request: Request) -> Response:
        workspace = workspace_for(self.person, self.action, request.data.get("workspace"))
        made = services.make(workspace, checked(schemas.NewConnectionSerializer, request))
        return Response(schemas.Connection.of(made), status=201)


class ConnectionEndpoint(Endpoint):
    """A view on one connection."""

    def connection(self, id: str) -> Connection:
        """The connection, through the choke point."""
        return self.fetch(Connection.objects.all(), id, attrgetter("scope"))


class OneConnection(ConnectionEndpoint):
    """A connection: seeing it without its secret, changing where it leads to, and deleting it."""

    actions: ClassVar = {"get": "connection.see", "put": "connection.edit", "delete": "connection.delete"}

    @extend_schema(responses=schemas.Connection)
    def get(self, request: Request, connection: str) -> Response:
        return Response(schemas.Connection.of(self.connection(connection)))

    @extend_schema(request=schemas.PlaceSerializer, responses=schemas.Connection)
    def put(self, request: Request, connection: str) -> Response:
        found = self.connection(connection)
        services.change(found, checked(schemas.PlaceSerializer, request))
        return Response(schemas.Connection.of(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, connection: str) -> Response:
        self.connection(connection).delete()
        return Response(status=204)


class Test(ConnectionEndpoint):
    """Using a connection once: reading, and nothing else."""

    actions: ClassVar = {"post": "connection.test"}
    takes_no_body = True

    @extend_schema(request=None, responses=schemas.ConnectionTested)
    def post(self, request: Request, connection: str) -> Response:
        return Response(schemas.ConnectionTested(services.test(self.connection(connection))))
