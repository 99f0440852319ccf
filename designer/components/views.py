"""The API of components."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.components import schemas, services
from designer.components.models import Component
from designer.documents.models import Pipeline
from designer.http.errors import Refusal
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")


class ComponentEndpoint(Endpoint):
    """A view of components."""

    def component(self, id: str) -> Component:
        """The component, through the choke point."""
        return self.fetch(Component.objects.select_related("changed_by"), id)

    def source(self, id: str) -> Pipeline:
        """The pipeline of the sub-pipeline: it becomes an instance, so who saves it must be allowed to edit."""
        return self.fetch(Pipeline.objects.select_related("workspace"), id, action="pipeline.edit")


class Components(ComponentEndpoint):
    """The components one may see, and saving a sub-pipeline as one."""

    actions: ClassVar = {"get": "component.list", "post": "component.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.Component])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Component.objects.select_related("changed_by"), request.query_params.get("workspace"))
        return Response([*map(schemas.Component.of, found.order_by("name")[: services.MOST_COMPONENTS])])

    @extend_schema(request=schemas.NewComponentSerializer, responses={201: schemas.Component})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.NewComponentSerializer, request)
        made = services.make(self.source(asked["pipeline"]), asked["group"], self.person, asked["name"], asked["description"])
        return Response(schemas.Component.of(made), status=201)


class OneComponent(ComponentEndpoint):
    """A component: seeing it, changing it, and deleting it. Pipelines that hold a copy of it stay as they are."""

    actions: ClassVar = {"get": "component.see", "patch": "component.edit", "delete": "component.delete"}

    @extend_schema(responses=schemas.Component)
    def get(self, request: Request, component: str) -> Response:
        return Response(schemas.Component.of(self.component(component)))

    @extend_schema(request=schemas.ComponentEditSerializer, responses=schemas.Component)
    def patch(self, request: Request, component: str) -> Response:
        found = self.component(component)
        services.change(found, self.person, checked(schemas.ComponentEditSerializer, request))
        return Response(schemas.Component.of(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, component: str) -> Response:
        self.component(component).delete()
        return Response(status=204)


class ComponentVersions(ComponentEndpoint):
    """The versions of a component, newest first, and saving the next one."""

    actions: ClassVar = {"get": "component.see", "post": "component.publish"}

    @extend_schema(responses=list[schemas.ComponentVersion])
    def get(self, request: Request, component: str) -> Response:
        rows = self.component(component).versions.select_related("made_by").order_by("-number")[:100]
        return Response([*map(schemas.ComponentVersion.of, rows)])

    @extend_schema(request=schemas.NewComponentVersionSerializer, responses={200: schemas.ComponentVersion, 201: schemas.ComponentVersion})
    def post(self, request: Request, component: str) -> Response:
        found = self.component(component)
        asked = checked(schemas.NewComponentVersionSerializer, request)
        source = self.source(asked["pipeline"])
        if source.workspace_id != found.workspace_id:
            words = "The pipeline is of another workspace than the component."
            raise Refusal(409, "other_workspace", words, remedy="Save the sub-pipeline as a component of its own workspace.")
        made, new = services.publish(found, source, asked["group"], self.person)
        return Response(schemas.ComponentVersion.of(made), status=201 if new else 200)


class OneComponentVersion(ComponentEndpoint):
    """The content of one version."""

    actions: ClassVar = {"get": "component.see"}

    @extend_schema(responses=schemas.ComponentVersion)
    def get(self, request: Request, component: str, number: int) -> Response:
        found = self.component(component).versions.select_related("made_by").filter(number=number).first()
        if found is None:
            raise Refusal(404, "unknown_version", f"The component has no version {number}.", remedy="Read the list of its versions.")
        return Response(schemas.ComponentVersion.of(found))
