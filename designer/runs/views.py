"""The API of runs."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

import msgspec
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.datasets.schemas import Dataset
from designer.documents.models import Pipeline
from designer.documents.views import PipelineEndpoint
from designer.http.attachments import RAW, ByQuery, attachment, files, is_raw
from designer.http.errors import Refusal
from designer.http.previews import ROWS, Preview
from designer.runs import queries as read
from designer.runs import schemas, services
from designer.runs.verdict_schemas import Verdict
from designer.workspaces.endpoint import Endpoint, checked, queried
from designer.workspaces.permissions import visible
from pipelines import flow
from pipelines.models import Run
from pipelines.preview import profile, rows

by_scope = attrgetter("scope")
MOST_LISTED = 200
MOST_EVENTS = 5000
IN_WORKSPACE = OpenApiParameter("workspace", str)
OF_PIPELINE = OpenApiParameter("pipeline", str)
AFTER = OpenApiParameter("after", int)
COLUMNS = OpenApiParameter(
    "columns", bool, default=True, description="Whether changed tables are compared column by column, which reads them."
)
AS = OpenApiParameter(
    "as",
    str,
    required=True,
    description="A format that the palette lists with the port kind, such as csv; or json: the report of a result.",
)


def preview(run: Run, node: str, port: str) -> Preview:
    """The preview of what a step left at a port."""
    lost = Refusal(410, "result_lost", "The stored result is missing or damaged.", remedy="Run the pipeline again to recompute it.")
    return Preview(read.output_of(run, node, port), run.scope, lost)


def number(text: str | None) -> int:
    """An event's number of a query string.

    Raises:
        Refusal: When it is none.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refusal(
            400, "bad_number", f"“after” must be the number of an event, not {text[:40]!r}.", remedy="Send a whole number of at least 0."
        )
    return int(text)


class PipelineRuns(PipelineEndpoint):
    """The runs of a pipeline, and starting one."""

    actions: ClassVar = {"get": "run.list", "post": "run.start"}

    @extend_schema(responses=list[schemas.RunBrief])
    def get(self, request: Request, pipeline: str) -> Response:
        found = Run.objects.filter(document=self.pipeline(pipeline).pk).defer("graph", "plan").order_by("-created_at")
        return Response(read.brief(found[:MOST_LISTED]))

    @extend_schema(request=schemas.StartSerializer, responses={201: schemas.Run})
    def post(self, request: Request, pipeline: str) -> Response:
        found = self.pipeline(pipeline)
        asked = checked(schemas.StartSerializer, request)
        run = services.start(found, self.person, **asked)
        return Response(read.whole(run), status=201)


class Runs(Endpoint):
    """The newest runs one may see."""

    actions: ClassVar = {"get": "run.list"}

    @extend_schema(parameters=[IN_WORKSPACE, OF_PIPELINE], responses=list[schemas.RunBrief])
    def get(self, request: Request) -> Response:
        drawn = Run.objects.exclude(document=None).defer("graph", "plan")  # others were started by a look at what was passed on
        found = visible(self.person, drawn, request.query_params.get("workspace"), "scope")
        if pipeline := request.query_params.get("pipeline"):
            found = found.filter(document=self.fetch(Pipeline.objects.all(), pipeline).pk)
        return Response(read.brief(found.order_by("-created_at")[:MOST_LISTED]))


class RunEndpoint(Endpoint):
    """A view on one run."""

    def run(self, id: str) -> Run:
        """The run, through the choke point."""
        return self.fetch(Run.objects.all(), id, by_scope)


class OneRun(RunEndpoint):
    """A run with its graph and steps."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(responses=schemas.Run)
    def get(self, request: Request, run: str) -> Response:
        return Response(read.whole(self.run(run)))


class Events(RunEndpoint):
    """What a run said, for those who missed it."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=[AFTER], responses=schemas.Events)
    def get(self, request: Request, run: str) -> Response:
        found = self.run(run)
        events = flow.events(found, number(request.query_params.get("after")), limit=MOST_EVENTS)
        return Response(schemas.Events(events, max(found.last_event, events[-1]["seq"] if events else 0)))


class Cancel(RunEndpoint):
    """Asking a run to end."""

    actions: ClassVar = {"post": "run.cancel"}
    takes_no_body = True

    @extend_schema(request=None, responses=schemas.Run)
    def post(self, request: Request, run: str) -> Response:
        found = self.run(run)
        services.cancel(found)
        found.refresh_from_db()
        return Response(read.whole(found))


class Again(RunEndpoint):
    """Starting the same once more, from where it failed."""

    actions: ClassVar = {"post": "run.start"}
    takes_no_body = True

    @extend_schema(request=None, responses={201: schemas.Run})
    def post(self, request: Request, run: str) -> Response:
        return Response(read.whole(services.again(self.run(run), self.person)), status=201)


class Verification(RunEndpoint):
    """Executing a run's steps again, and whether they gave the same."""

    actions: ClassVar = {"get": "run.see", "post": "run.start"}
    takes_no_body = True

    @extend_schema(responses=Verdict)
    def get(self, request: Request, run: str) -> Response:
        found = self.run(run)
        earlier = Run.objects.filter(pk=found.verifies, scope=found.scope).first() if found.verifies else None
        if earlier is None:
            words = "This run verifies no other, or that one was deleted."
            raise Refusal(404, "no_earlier_run", words, remedy="Send POST to verify this run.")
        told = Verdict(**msgspec.structs.asdict(flow.verdict(found, earlier)), newer=read.newer_data(found))
        return Response(told)

    @extend_schema(request=None, responses={201: schemas.Run})
    def post(self, request: Request, run: str) -> Response:
        return Response(read.whole(services.again(self.run(run), self.person, verify=True)), status=201)


class Receipt(RunEndpoint):
    """What a run was made of and what came out, by hashes."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(responses=flow.Receipt)
    def get(self, request: Request, run: str) -> Response:
        return Response(flow.receipt(self.run(run)))


class Why(RunEndpoint):
    """Why a step was executed or reused."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=[COLUMNS], responses=flow.Explanation)
    def get(self, request: Request, run: str, node: str) -> Response:
        found = self.run(run)
        columns = request.query_params.get("columns") != "false"
        return Response(flow.explain(found, read.step_of(found, node), columns=columns))


class Items(RunEndpoint):
    """The items that a step fanned out over."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=[schemas.ItemsSerializer], responses=flow.Items)
    def get(self, request: Request, run: str, node: str) -> Response:
        found = self.run(run)
        return Response(flow.items(found, read.step_of(found, node), **queried(schemas.ItemsSerializer, request)))


class BestItems(RunEndpoint):
    """The items that were the best so far when they ended, by their score."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=[schemas.BestItemsSerializer], responses=list[flow.BestItem])
    def get(self, request: Request, run: str, node: str) -> Response:
        found = self.run(run)
        return Response(flow.best_items(found, read.step_of(found, node), **queried(schemas.BestItemsSerializer, request)))


class Estimates(PipelineEndpoint):
    """What the nodes of a pipeline are likely to take."""

    actions: ClassVar = {"get": "pipeline.see"}

    @extend_schema(responses=schemas.Estimates)
    def get(self, request: Request, pipeline: str) -> Response:
        return Response(services.estimates(self.pipeline(pipeline)))


class Rows(RunEndpoint):
    """Rows of a table that a step left."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=ROWS, responses=rows.Rows)
    def get(self, request: Request, run: str, node: str, port: str) -> Response:
        found = self.run(run)
        asked = request.query_params
        return Response(preview(found, node, port).rows(asked.dict(), asked.getlist("sort")))


class Profile(RunEndpoint):
    """What is in a table that a step left."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(responses=profile.Profile)
    def get(self, request: Request, run: str, node: str, port: str) -> Response:
        found = self.run(run)
        return Response(preview(found, node, port).profile())


class Report(RunEndpoint):
    """The page that shows what a step left."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(responses=schemas.Report)
    def get(self, request: Request, run: str, node: str, port: str) -> Response:
        found = self.run(run)
        return Response(preview(found, node, port).report())


class Save(RunEndpoint):
    """Saving what a step left under a name of the workspace."""

    actions: ClassVar = {"post": "dataset.save"}

    @extend_schema(request=schemas.SaveSerializer, responses={201: Dataset})
    def post(self, request: Request, run: str, node: str, port: str) -> Response:
        found = self.run(run)
        name = checked(schemas.SaveSerializer, request)["name"]
        return Response(Dataset.of(services.save(found, self.person, node, port, name)), status=201)


class Download(RunEndpoint):
    """A file of what a step left."""

    actions: ClassVar = {"get": "run.download"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[AS, RAW], responses=files("*/*"))
    def get(self, request: Request, run: str, node: str, port: str) -> StreamingHttpResponse:
        found = self.run(run)
        as_ = request.query_params.get("as", "")
        file, media_type, remove = preview(found, node, port).file(as_, raw=is_raw(request))
        return attachment(file, f"{node}.{port}.{as_}", media_type, remove=remove)
