"""The API of the runs of a published pipeline. Clients' keys open these addresses, and no others."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.datasets.views import check_size
from designer.http.attachments import RAW, ByQuery, attachment, files, is_raw
from designer.http.errors import Refusal, absent
from designer.http.json import StrictJSONParser, read
from designer.http.previews import Preview
from designer.http.wrong_values import validated
from designer.published import queries, run_schemas, starting
from designer.published.authentication import WITH_KEYS
from designer.published.models import PublishedKey, PublishedRun
from designer.published.views import PublishedEndpoint
from designer.runs.queries import output_of
from designer.runs.services import cancel
from designer.runs.views import AS
from designer.workspaces.endpoint import refuse_unknown
from pipelines.models import Run

KEY_HEADER = "Idempotency-Key"
IDEMPOTENCY = OpenApiParameter(
    KEY_HEADER, str, "header", description="Your own name of this request: sent again with the same name, it starts no second run."
)
FORM = {
    "type": "object",
    "properties": {"request": {"type": "string", "description": "The JSON of the request."}},
    "additionalProperties": {"type": "string", "format": "binary", "description": "A table, by the name of its input."},
}


class RunsEndpoint(PublishedEndpoint):
    """A view that clients' keys open too."""

    authentication_classes = WITH_KEYS

    def started(self, published: str, run: str) -> PublishedRun:
        """A run that a request of this published pipeline has started."""
        found = self.published(published).runs.filter(pk=run).first()
        if found is None:
            raise absent()
        return found


class PublishedRuns(RunsEndpoint):
    """The newest runs of a published pipeline, and starting one."""

    actions: ClassVar = {"get": "published.see", "post": "published.run"}
    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(responses=list[run_schemas.PublishedRun])
    def get(self, request: Request, published: str) -> Response:
        return Response(queries.runs(self.published(published).runs.order_by("-created_at")[: queries.MOST_RUNS]))

    @extend_schema(
        parameters=[IDEMPOTENCY],
        request={"application/json": run_schemas.StartPublishedSerializer, "multipart/form-data": FORM},
        responses={202: run_schemas.PublishedRun},
    )
    def post(self, request: Request, published: str) -> Response:
        found = self.published(published)
        sent = StartRequest(request)
        asked = sent.asked()
        key = request.auth if isinstance(request.auth, PublishedKey) else None
        row, new = starting.start(found, self.person, asked, files=sent.files(), idempotency_key=_idempotency_key(request), key=key)
        trail.details(run=row.run, version=row.version, again=not new)
        answer = queries.runs([row])[0]
        return Response(answer, status=202, headers={"Location": answer.follow, "Idempotency-Replayed": "false" if new else "true"})


class StartRequest:
    """What a request to start a run sends: JSON, or a form with files."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def asked(self) -> dict[str, Any]:
        """The checked values.

        Raises:
            Refusal: 400 when they are malformed.
        """
        data: Any = self._request.data
        if self._request.FILES or "multipart" in (self._request.content_type or ""):
            if strange := [name for name in data if name != "request" and name not in self._request.FILES]:
                words = f"The form has the field “{strange[0][:60]}” without a file."
                raise Refusal(400, "bad_request", words, remedy="Send parameters and datasets as JSON in the field “request”.")
            data = _parsed(data.get("request") or "{}")
        serializer = run_schemas.StartPublishedSerializer(data=data)
        refuse_unknown(data, serializer.fields)
        return validated(serializer)

    def files(self) -> dict[str, UploadedFile]:
        """The uploaded tables by input."""
        sent = {name: file for name, file in self._request.FILES.items() if isinstance(file, UploadedFile)}
        for file in sent.values():
            check_size(file)
        return sent


def _parsed(text: str) -> Any:
    if len(text) > settings.EASEL_BODY_LIMIT:
        raise Refusal(413, "too_large", "The field “request” is too large.", remedy="Send less.", field="request")
    try:
        return read(text.encode())
    except Refusal as wrong:
        words = f"The field “request” cannot be read. {wrong.body['error']['words']}"
        raise Refusal(400, "bad_request", words, remedy="Send {} for no values.", field="request") from None


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get(KEY_HEADER, "").strip()
    if len(key) > run_schemas.LONGEST_KEY or not (key.isascii() and key.isprintable()):
        words = f"The header {KEY_HEADER} must have at most {run_schemas.LONGEST_KEY} printable ASCII characters."
        raise Refusal(400, "bad_idempotency_key", words, remedy="Send a random text, such as a UUID.", field=KEY_HEADER)
    return key or None


class OnePublishedRun(RunsEndpoint):
    """A run: its state and its results."""

    actions: ClassVar = {"get": "published.see"}

    @extend_schema(responses=run_schemas.PublishedRun)
    def get(self, request: Request, published: str, run: str) -> Response:
        return Response(queries.runs([self.started(published, run)])[0])


class CancelPublishedRun(RunsEndpoint):
    """Asking a run to end."""

    actions: ClassVar = {"post": "published.cancel"}
    takes_no_body = True

    @extend_schema(request=None, responses=run_schemas.PublishedRun)
    def post(self, request: Request, published: str, run: str) -> Response:
        row = self.started(published, run)
        trail.details(run=row.run)
        cancel(_run_of(row))
        return Response(queries.runs([row])[0])


class PublishedResults(RunsEndpoint):
    """A file of a result."""

    actions: ClassVar = {"get": "published.download"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[AS, RAW], responses=files("*/*"))
    def get(self, request: Request, published: str, run: str, result: str) -> StreamingHttpResponse:
        row = self.started(published, run)
        trail.details(run=row.run, result=result[:64])
        found = queries.result_of(row, result)
        if found is None:
            raise absent()
        run_ = _run_of(row)
        lost = Refusal(410, "result_lost", "The stored result is missing or damaged.", remedy="Start the run again to recompute it.")
        as_ = request.query_params.get("as", "")
        file, media_type, remove = Preview(output_of(run_, found.node, found.port), run_.scope, lost).file(as_, raw=is_raw(request))
        return attachment(file, f"{found.name}.{as_}", media_type, remove=remove)


def _run_of(row: PublishedRun) -> Run:
    found = Run.objects.filter(pk=row.run).first()
    if found is None:
        raise Refusal(410, "run_deleted", "The run was deleted, with its results.", remedy="Start it again.")
    return found
