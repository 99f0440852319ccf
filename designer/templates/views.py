"""The API of templates."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.documents.models import Pipeline
from designer.documents.queries import one
from designer.documents.schemas import Pipeline as Made
from designer.templates import schemas, services
from designer.templates.models import Template
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible, workspace_for

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
MOST_LISTED = 200


class TemplateEndpoint(Endpoint):
    """A view of templates."""

    def template(self, id: str, action: str | None = None) -> Template:
        """The template, through the choke point."""
        return self.fetch(Template.objects.select_related("changed_by"), id, action=action)

    def source(self, id: str) -> Pipeline:
        """The pipeline to copy: who saves it as a template may see it, and edit where it goes."""
        return self.fetch(Pipeline.objects.select_related("workspace"), id)


class Templates(TemplateEndpoint):
    """The templates one may see, and saving a pipeline as one."""

    actions: ClassVar = {"get": "template.list", "post": "template.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.Template])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Template.objects.select_related("changed_by"), request.query_params.get("workspace"))
        return Response([*map(schemas.Template.of, found.order_by("name")[:MOST_LISTED])])

    @extend_schema(request=schemas.NewTemplateSerializer, responses={201: schemas.Template})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.NewTemplateSerializer, request)
        made = services.make(self.source(asked["pipeline"]), self.person, asked["name"], asked["description"])
        return Response(schemas.Template.of(made), status=201)


class OneTemplate(TemplateEndpoint):
    """A template: seeing it, changing it, and deleting it. Pipelines that were made from it stay."""

    actions: ClassVar = {"get": "template.see", "patch": "template.edit", "delete": "template.delete"}

    @extend_schema(responses=schemas.Template)
    def get(self, request: Request, template: str) -> Response:
        return Response(schemas.Template.of(self.template(template)))

    @extend_schema(request=schemas.TemplateEditSerializer, responses=schemas.Template)
    def patch(self, request: Request, template: str) -> Response:
        found = self.template(template)
        asked = checked(schemas.TemplateEditSerializer, request)
        source = self.fetch(Pipeline.objects.all(), asked["pipeline"], action="pipeline.see") if "pipeline" in asked else None
        services.change(found, self.person, source, asked)
        return Response(schemas.Template.of(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, template: str) -> Response:
        self.template(template).delete()
        return Response(status=204)


class TemplatePipelines(TemplateEndpoint):
    """Making a pipeline from a template."""

    actions: ClassVar = {"post": "pipeline.make"}

    @extend_schema(request=schemas.FromTemplateSerializer, responses={201: Made})
    def post(self, request: Request, template: str) -> Response:
        found = self.template(template, action="template.see")
        asked = checked(schemas.FromTemplateSerializer, request)
        workspace = workspace_for(self.person, self.action, asked.get("workspace") or found.workspace_id)
        made = services.open_as_pipeline(found, self.person, workspace, asked.get("name"), asked["parameters"])
        return Response(one(made, self.person), status=201)
