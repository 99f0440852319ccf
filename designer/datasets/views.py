"""The API of datasets."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from designer.datasets import schemas, services
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.saving import check_unused
from designer.http.attachments import RAW, TABLES, ByQuery, attachment, files, is_raw
from designer.http.errors import Refusal, absent
from designer.http.json import StrictJSONParser
from designer.http.previews import ROWS, Preview
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import require, visible, workspace_for
from pipelines.catalogue.ports import TABLE
from pipelines.preview import profile, rows
from pipelines.texts.rules import USUAL, Rules

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace, and the samples.")
VERSION = OpenApiParameter("version", int, description="If omitted, the latest.")
KIND = OpenApiParameter("kind", str, description="The port kind of saved values, such as model. If omitted, tables.")
EVEN_IF_USED = OpenApiParameter("even_if_used", bool, default=False, description="Delete a saved value although runs have loaded it.")
AS = OpenApiParameter("as", str, enum=["csv", "parquet", "xlsx"], required=True)
MOST_LISTED = 1000
SMALLER = "Split the file, or save it as Parquet."


def _preview(version: DatasetVersion) -> Preview:
    words = "The stored rows of this dataset are missing or damaged."
    return Preview(
        version.output, version.dataset.scope, Refusal(410, "data_lost", words, remedy="Upload the file again as a new version.")
    )


class Datasets(Endpoint):
    """The datasets one may see, and uploading one."""

    actions: ClassVar = {"get": "dataset.list", "post": "dataset.make"}
    parser_classes = (MultiPartParser,)

    @extend_schema(parameters=[WORKSPACE, KIND], responses=list[schemas.Dataset])
    def get(self, request: Request) -> Response:
        own = visible(self.person, Dataset.objects.all(), request.query_params.get("workspace"))
        kind = request.query_params.get("kind") or TABLE
        found = services.with_versions(own | Dataset.objects.filter(workspace=None)).filter(kind=kind).order_by("-created_at", "name")
        return Response(schemas.in_order(map(schemas.Dataset.of, found[:MOST_LISTED])))

    @extend_schema(request={"multipart/form-data": schemas.UploadSerializer}, responses={201: schemas.Dataset})
    def post(self, request: Request) -> Response:
        workspace = workspace_for(self.person, self.action, request.data.get("workspace"))
        made = services.upload(workspace, self.person, uploaded(request), request.data.get("name"), rules(request))
        return Response(schemas.Dataset.of(made), status=201)


def uploaded(request: Request, smaller: str = SMALLER) -> UploadedFile:
    """The file that came; `smaller` says what to do with one that is too large.

    Raises:
        Refusal: When there is none, or it is too large.
    """
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refusal(
            400, "no_file", "No file was sent.", remedy="Send it as the field “file” of a form (multipart/form-data).", field="file"
        )
    check_size(file, smaller)
    return file


def check_size(file: UploadedFile, smaller: str = SMALLER) -> None:
    """Check that an uploaded file is not too large; `smaller` says what to do with one that is.

    Raises:
        Refusal: 413 when it is.
    """
    if (file.size or 0) > settings.EASEL_UPLOAD_LIMIT:
        limit = f"{settings.EASEL_UPLOAD_LIMIT / 1024**2:,.0f} MB"
        raise Refusal(413, "too_large", f"The file is larger than {limit}.", remedy=smaller, field="file")


def rules(request: Request, usual: Rules = USUAL) -> Rules:
    """How the text of the file that came is to be read."""
    return schemas.rules_of(checked(schemas.ReadingSerializer, request, beside=("file", "name", "workspace")), usual)


class DatasetEndpoint(Endpoint):
    """A view on one dataset."""

    def dataset(self, id: str) -> Dataset:
        """The dataset, through the choke point; a sample can only be looked at."""
        found = self.fetch(services.with_versions(Dataset.objects.all()), id, action="dataset.see")
        if self.action not in ("dataset.see", "dataset.download"):
            if found.workspace_id is None:
                words = f"“{found.name}” is a sample, which cannot be changed."
                raise Refusal(403, "sample", words, remedy="Download it and upload it as your own dataset.")
            require(self.person, self.action, found.workspace_id)
        return found

    def version(self, id: str) -> DatasetVersion:
        """The version that the query string names, or the newest.

        Raises:
            Refusal: When there is no such version.
        """
        dataset = self.dataset(id)
        asked = self.request.query_params.get("version", "")
        versions = {str(version.number): version for version in sorted(dataset.versions.all(), key=lambda version: version.number)}
        found = versions.get(asked) if asked else next(reversed(versions.values()), None)
        if found is None:
            raise absent()
        found.dataset = dataset
        return found


class OneDataset(DatasetEndpoint):
    """A dataset's facts and end."""

    actions: ClassVar = {"get": "dataset.see", "patch": "dataset.edit", "delete": "dataset.delete"}
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=schemas.Dataset)
    def get(self, request: Request, dataset: str) -> Response:
        return Response(schemas.Dataset.of(self.dataset(dataset)))

    @extend_schema(request=schemas.DatasetEditSerializer, responses=schemas.Dataset)
    def patch(self, request: Request, dataset: str) -> Response:
        found = self.dataset(dataset)
        services.edit(found, checked(schemas.DatasetEditSerializer, request))
        return Response(schemas.Dataset.of(found))

    @extend_schema(parameters=[EVEN_IF_USED], responses={204: None})
    def delete(self, request: Request, dataset: str) -> Response:
        found = self.dataset(dataset)
        if request.query_params.get("even_if_used") != "true":
            check_unused(found)
        found.delete()
        return Response(status=204)


class Versions(DatasetEndpoint):
    """Uploading a further version."""

    actions: ClassVar = {"post": "dataset.add_version"}
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": schemas.NewVersionSerializer}, responses={201: schemas.Dataset})
    def post(self, request: Request, dataset: str) -> Response:
        found = self.dataset(dataset)
        if found.kind != TABLE:
            words = f"“{found.name}” is no table, so no file can be uploaded to it."
            raise Refusal(409, "not_a_table", words, remedy="Save a further version from the results of a run.")
        newest = max(found.versions.all(), key=attrgetter("number"))
        services.add_version(found, self.person, uploaded(request), rules(request, newest.rules or USUAL))
        return Response(schemas.Dataset.of(services.with_versions(Dataset.objects.all()).get(pk=found.pk)), status=201)


class Rows(DatasetEndpoint):
    """Rows of a dataset."""

    actions: ClassVar = {"get": "dataset.see"}

    @extend_schema(parameters=[VERSION, *ROWS], responses=rows.Rows)
    def get(self, request: Request, dataset: str) -> Response:
        asked = request.query_params
        return Response(_preview(self.version(dataset)).rows(asked.dict(), asked.getlist("sort")))


class Profile(DatasetEndpoint):
    """What is in each column of a dataset."""

    actions: ClassVar = {"get": "dataset.see"}

    @extend_schema(parameters=[VERSION], responses=profile.Profile)
    def get(self, request: Request, dataset: str) -> Response:
        return Response(_preview(self.version(dataset)).profile())


class Download(DatasetEndpoint):
    """A file of a dataset."""

    actions: ClassVar = {"get": "dataset.download"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[VERSION, AS, RAW], responses=files(*TABLES))
    def get(self, request: Request, dataset: str) -> StreamingHttpResponse:
        version, as_ = self.version(dataset), request.query_params.get("as", "")
        file, media_type, remove = _preview(version).file(as_, raw=is_raw(request))
        return attachment(file, f"{version.dataset.name}.{as_}", media_type, remove=remove)
