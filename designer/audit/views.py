"""The API of the audit trail: a workspace's rows for its admins, one's own sign-ins for everybody."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.actions import AUDITED
from designer.audit import queries as read
from designer.audit.models import AuditEntry, Outcome
from designer.audit.schemas import AuditPage
from designer.http.attachments import attachment
from designer.http.errors import Refusal
from designer.workspaces.endpoint import Endpoint
from designer.workspaces.models import Workspace
from designer.workspaces.views import own_id

FILTERS = [
    OpenApiParameter("who", str, description="Part of the email address."),
    OpenApiParameter("action", str, enum=list(AUDITED)),
    OpenApiParameter("outcome", str, enum=Outcome.values),
    OpenApiParameter("since", str, description="A date or time; entries from then on."),
    OpenApiParameter("until", str, description="A date or time; entries before it."),
]
PAGE = [OpenApiParameter("before", int, description="The `next` of the previous page."), OpenApiParameter("limit", int)]
AS = OpenApiParameter("as", str, enum=list(read.FORMATS), required=True)
MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl"}


class WorkspaceTrail(Endpoint):
    """What was done in a workspace, the newest first."""

    actions: ClassVar = {"get": "audit.see"}

    @extend_schema(parameters=[*FILTERS, *PAGE], responses=AuditPage)
    def get(self, request: Request, workspace: str) -> Response:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        entries = read.filtered(AuditEntry.objects.filter(workspace=found.pk), request.query_params.dict())
        return Response(read.page(entries, request.query_params.dict()))


class Export(Endpoint):
    """The same as a file, the oldest first."""

    actions: ClassVar = {"get": "audit.export"}

    @extend_schema(parameters=[*FILTERS, AS], responses={(200, "text/csv"): OpenApiTypes.STR, (200, "application/jsonl"): OpenApiTypes.STR})
    def get(self, request: Request, workspace: str) -> StreamingHttpResponse:
        found = self.fetch(Workspace.objects.all(), workspace, own_id)
        asked = request.query_params.dict()
        as_ = asked.get("as", "")
        if as_ not in read.FORMATS:
            raise Refusal(400, "bad_request", f"“as” must be csv or jsonl, not {as_[:40]!r}.", remedy="Use one of them.", field="as")
        entries = read.filtered(AuditEntry.objects.filter(workspace=found.pk), asked)
        with tempfile.NamedTemporaryFile("w", dir=settings.FILE_UPLOAD_TEMP_DIR, newline="", encoding="utf-8", delete=False) as file:
            read.write(entries, as_, file)
        return attachment(Path(file.name), f"audit-{found.name}.{as_}", MEDIA[as_], remove=True)


class SignIns(Endpoint):
    """One's own sign-ins and changes of one's account, and what others tried with it."""

    actions: ClassVar = {"get": "me.sign_ins"}

    @extend_schema(parameters=PAGE, responses=AuditPage)
    def get(self, request: Request) -> Response:
        return Response(read.page(read.of_person(self.person.pk), request.query_params.dict()))
