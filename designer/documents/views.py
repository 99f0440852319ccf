"""The API of pipelines."""

from __future__ import annotations

from typing import ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import exports, repository, schemas, services
from designer.documents import queries as read
from designer.documents.models import Pipeline
from designer.documents.samples import Sample, samples
from designer.documents.uses import uses_of
from designer.http.attachments import ByQuery, files
from designer.http.errors import absent, invalid_graph
from designer.workspaces.endpoint import Endpoint, checked, queried
from designer.workspaces.permissions import visible, workspace_for
from pipelines import flow

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description='The revision, such as "12".')
MOST_LISTED = 1000


class PipelineEndpoint(Endpoint):
    """A view on one pipeline."""

    def pipeline(self, id: str, action: str | None = None) -> Pipeline:
        """The pipeline, through the choke point."""
        return self.fetch(Pipeline.objects.select_related("workspace"), id, action=action)


class Pipelines(Endpoint):
    """The pipelines one may see."""

    actions: ClassVar = {"get": "pipeline.list", "post": "pipeline.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.Pipeline])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Pipeline.objects.all(), request.query_params.get("workspace"))
        listed = list(read.with_last_run(found).order_by("-updated_at")[:MOST_LISTED])
        return Response(read.listed(listed, self.person))

    @extend_schema(request=schemas.NewPipelineSerializer, responses={201: schemas.Pipeline})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.NewPipelineSerializer, request)
        if "copy_of" in asked:
            source = self.fetch(Pipeline.objects.select_related("workspace"), asked["copy_of"], action="pipeline.see")
            workspace = workspace_for(self.person, self.action, asked.get("workspace") or source.workspace_id)
            made = services.duplicate(source, workspace, self.person, asked.get("name"))
            return Response(read.one(made, self.person), status=201)
        workspace = workspace_for(self.person, self.action, asked.get("workspace"))
        document = services.sound_document(asked["graph"]) if "graph" in asked else None
        made = services.make(workspace, self.person, asked.get("name"), document)
        return Response(read.one(made, self.person), status=201)


class OnePipeline(PipelineEndpoint):
    """A pipeline's name and end."""

    actions: ClassVar = {"get": "pipeline.see", "patch": "pipeline.edit", "delete": "pipeline.delete"}

    @extend_schema(responses=schemas.Pipeline)
    def get(self, request: Request, pipeline: str) -> Response:
        return Response(read.one(self.pipeline(pipeline), self.person))

    @extend_schema(request=schemas.NameSerializer, responses=schemas.Pipeline)
    def patch(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline)
        services.rename(found, checked(schemas.NameSerializer, request)["name"], self.person)
        return Response(read.one(found, self.person))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pipeline: str) -> Response:
        services.delete(self.pipeline(pipeline))
        return Response(status=204)


class PipelineGraph(PipelineEndpoint):
    """A pipeline's document; open canvases see what is written here."""

    actions: ClassVar = {"get": "pipeline.see", "put": "pipeline.edit"}

    @extend_schema(responses=schemas.Graph)
    def get(self, request: Request, pipeline: str) -> Response:
        revision, reading = repository.read_draft(self.pipeline(pipeline).pk)
        return Response(reading.graph, headers={"ETag": f'"{revision}"'})

    @extend_schema(parameters=[IF_MATCH], request=schemas.Graph, responses=schemas.Graph)
    def put(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline)
        expected = services.expected_revision(request.headers.get("If-Match"))
        document = services.sound_document(request.data)
        revision = services.replace(found, document, self.person, expected)
        return Response(document, headers={"ETag": f'"{revision}"'})


class PipelineParameters(PipelineEndpoint):
    """A pipeline's parameters and presets. Writing them replaces all; the settings that one drove which is not among them any more keep its default."""

    actions: ClassVar = {"get": "pipeline.see", "put": "pipeline.edit"}

    @extend_schema(responses=schemas.Parameters)
    def get(self, request: Request, pipeline: str) -> Response:
        return Response(read.parameters(self.pipeline(pipeline)))

    @extend_schema(request=schemas.ParametersSerializer, responses=schemas.Parameters)
    def put(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline)
        services.set_parameters(found, self.person, **checked(schemas.ParametersSerializer, request))
        return Response(read.parameters(found))


class PipelineCheck(PipelineEndpoint):
    """What is wrong with a pipeline, without running anything."""

    actions: ClassVar = {"get": "pipeline.see"}

    @extend_schema(responses=schemas.Check)
    def get(self, request: Request, pipeline: str) -> Response:
        return Response(read.checked(self.pipeline(pipeline)))


class PipelineUses(PipelineEndpoint):
    """Endpoints, published pipelines and schedules of a pipeline, and what has changed in it since."""

    actions: ClassVar = {"get": "pipeline.see"}

    @extend_schema(responses=list[schemas.PipelineUse])
    def get(self, request: Request, pipeline: str) -> Response:
        return Response(uses_of(self.pipeline(pipeline)))


class PipelineExport(PipelineEndpoint):
    """A pipeline as code that needs no Easel."""

    actions: ClassVar = {"get": "pipeline.export"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[exports.ExportSerializer], responses=files(*exports.MEDIA_TYPES))
    def get(self, request: Request, pipeline: str) -> StreamingHttpResponse:
        found = self.pipeline(pipeline)
        asked = queried(exports.ExportSerializer, request)
        _, reading = repository.read_draft(found.pk)
        unfit = [problem for problem in reading.problems if problem.severity == "error"]
        if unfit:
            raise invalid_graph(unfit)
        code = flow.exported(reading.drawing, scope=found.workspace_id, datasets=WorkspaceDatasets(found.workspace))
        return exports.sent(code, asked["format"], data=asked["with_data"])


class Versions(PipelineEndpoint):
    """A pipeline's named copies."""

    actions: ClassVar = {"get": "version.see", "post": "version.make"}

    @extend_schema(responses=list[schemas.Version])
    def get(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline).versions.select_related("created_by").order_by("-created_at")
        return Response([read.version(version) for version in found])

    @extend_schema(request=schemas.NameSerializer, responses={201: schemas.Version})
    def post(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline)
        made = services.keep_version(found, checked(schemas.NameSerializer, request)["name"], self.person)
        return Response(read.version(made), status=201)


class Samples(Endpoint):
    """The sample pipelines."""

    actions: ClassVar = {"get": "sample.see"}

    @extend_schema(responses=list[Sample])
    def get(self, request: Request) -> Response:
        return Response(list(samples().values()))


class OpenSample(Endpoint):
    """Copying a sample into a workspace."""

    actions: ClassVar = {"post": "pipeline.make"}

    @extend_schema(request=schemas.WhereSerializer, responses={201: schemas.Pipeline})
    def post(self, request: Request, slug: str) -> Response:
        workspace = workspace_for(self.person, self.action, checked(schemas.WhereSerializer, request).get("workspace"))
        sample = samples().get(slug)
        if sample is None:
            raise absent()
        made = services.make(workspace, self.person, services.unused_name(workspace, sample.title), sample.document)
        return Response(read.one(made, self.person), status=201)
