"""The export of a run over REST."""

from __future__ import annotations

from typing import ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from designer.documents import exports
from designer.http.attachments import ByQuery, files
from designer.runs.views import RunEndpoint
from designer.workspaces.endpoint import queried
from pipelines import flow


class Export(RunEndpoint):
    """The graph of a run as code that needs no Easel, with its values of parameters and on its data."""

    actions: ClassVar = {"get": "pipeline.export"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[exports.ExportSerializer], responses=files(*exports.MEDIA_TYPES))
    def get(self, request: Request, run: str) -> StreamingHttpResponse:
        found = self.run(run)
        asked = queried(exports.ExportSerializer, request)
        return exports.sent(flow.exported_run(found), asked["format"], data=asked["with_data"])
