"""The API of environments."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.environments import schemas, services
from designer.http.errors import Refusal
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible, workspace_for
from pipelines.flow import environments
from pipelines.models import Environment

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
AFTER = OpenApiParameter("after", int, description="Only the text after this number of characters.")
MOST_LISTED = 1000


class Environments(Endpoint):
    """The environments one may see, and making one."""

    actions: ClassVar = {"get": "environment.list", "post": "environment.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.Environment])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Environment.objects.all(), request.query_params.get("workspace"), "scope")
        return Response(services.listed(found.order_by("name")[:MOST_LISTED]))

    @extend_schema(request=schemas.NewEnvironmentSerializer, responses={201: schemas.Environment})
    def post(self, request: Request) -> Response:
        workspace = workspace_for(self.person, self.action, request.data.get("workspace"))
        asked = checked(schemas.NewEnvironmentSerializer, request)
        made = services.make(workspace, asked["name"], asked["requirements"])
        return Response(services.listed([made])[0], status=201)


class EnvironmentEndpoint(Endpoint):
    """A view on one environment."""

    def environment(self, id: str) -> Environment:
        """The environment, through the choke point."""
        return self.fetch(Environment.objects.all(), id, attrgetter("scope"))


class OneEnvironment(EnvironmentEndpoint):
    """An environment, and deleting it. What was built stays for runs that were started with it."""

    actions: ClassVar = {"get": "environment.see", "delete": "environment.delete"}

    @extend_schema(responses=schemas.Environment)
    def get(self, request: Request, environment: str) -> Response:
        return Response(services.listed([self.environment(environment)])[0])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, environment: str) -> Response:
        self.environment(environment).delete()
        return Response(status=204)


class Building(EnvironmentEndpoint):
    """Asking for its builds: those that failed, or whose directory or image a machine has lost."""

    actions: ClassVar = {"post": "environment.build"}
    takes_no_body = True

    @extend_schema(request=None, responses={202: schemas.Environment})
    def post(self, request: Request, environment: str) -> Response:
        found = self.environment(environment)
        environments.request_build(found.requirements)
        return Response(services.listed([found])[0], status=202)


class Log(EnvironmentEndpoint):
    """The log of its builds, also while they go on."""

    actions: ClassVar = {"get": "environment.see"}

    @extend_schema(parameters=[AFTER], responses=schemas.BuildLog)
    def get(self, request: Request, environment: str) -> Response:
        after = request.query_params.get("after") or "0"
        if not (after.isascii() and after.isdecimal() and len(after) < 10):
            raise Refusal(
                400,
                "bad_number",
                f"“after” must be a number of characters, not {after[:40]!r}.",
                remedy="Send a whole number of at least 0.",
            )
        return Response(services.log_from(self.environment(environment), int(after)))
