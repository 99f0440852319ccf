"""Pipelines that reports hold over REST: that of the winner of a search, and of each other candidate."""

from __future__ import annotations

from typing import ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.documents import exports
from designer.documents.queries import one
from designer.documents.schemas import Pipeline
from designer.http.attachments import ByQuery, files
from designer.runs import schemas, services
from designer.runs.views import RunEndpoint, preview
from designer.workspaces.endpoint import checked, queried
from pipelines import flow


class Reopen(RunEndpoint):
    """Making a pipeline, or code that needs no Easel, of one that a report holds."""

    actions: ClassVar = {"get": "pipeline.export", "post": "pipeline.make"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[schemas.ReopenSerializer, exports.ExportSerializer], responses=files(*exports.MEDIA_TYPES))
    def get(self, request: Request, run: str, node: str, port: str) -> StreamingHttpResponse:
        found, asked = self.run(run), queried(exports.ExportSerializer, request)
        candidate = queried(schemas.ReopenSerializer, request)["candidate"]
        held = services.held(found, node, preview(found, node, port).report(), candidate)
        return exports.sent(flow.exported_held(found, node, held), asked["format"], data=asked["with_data"])

    @extend_schema(request=schemas.ReopenSerializer, responses={201: Pipeline})
    def post(self, request: Request, run: str, node: str, port: str) -> Response:
        found, candidate = self.run(run), checked(schemas.ReopenSerializer, request)["candidate"]
        held = services.held(found, node, preview(found, node, port).report(), candidate)
        return Response(one(services.reopen(found, self.person, node, held, candidate), self.person), status=201)
