"""The API of imports."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.imports import queries, schemas, services
from designer.imports.models import Import
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import visible, workspace_for

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
DATASET = OpenApiParameter("dataset", str, description="Only that of this dataset.")


class Imports(Endpoint):
    """The imports one may see, and making one."""

    actions: ClassVar = {"get": "import.list", "post": "import.make"}

    @extend_schema(parameters=[WORKSPACE, DATASET], responses=list[schemas.Import])
    def get(self, request: Request) -> Response:
        found = visible(self.person, Import.objects.all(), request.query_params.get("workspace"))
        if dataset := request.query_params.get("dataset"):
            found = found.filter(dataset=dataset)
        return Response(queries.listed(found))

    @extend_schema(request=schemas.NewImportSerializer, responses={201: schemas.Import})
    def post(self, request: Request) -> Response:
        workspace = workspace_for(self.person, self.action, request.data.get("workspace"))
        made = services.make(workspace, self.person, checked(schemas.NewImportSerializer, request))
        return Response(queries.one(made), status=201)


class ImportEndpoint(Endpoint):
    """A view on one import."""

    def found(self, id: str) -> Import:
        """The import, through the choke point."""
        return self.fetch(Import.objects.select_related("pipeline__workspace", "schedule", "workspace"), id)


class OneImport(ImportEndpoint):
    """An import: seeing it with its last refreshes, changing when it is refreshed, ending it."""

    actions: ClassVar = {"get": "import.see", "patch": "import.edit", "delete": "import.delete"}

    @extend_schema(responses=schemas.Import)
    def get(self, request: Request, source: str) -> Response:
        return Response(queries.one(self.found(source)))

    @extend_schema(request=schemas.ChangeImportSerializer, responses=schemas.Import)
    def patch(self, request: Request, source: str) -> Response:
        found = self.found(source)
        services.change(found, self.person, checked(schemas.ChangeImportSerializer, request)["times"])
        return Response(queries.one(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, source: str) -> Response:
        services.end(self.found(source))
        return Response(status=204)


class RefreshNow(ImportEndpoint):
    """Reading the source now."""

    actions: ClassVar = {"post": "import.refresh"}
    takes_no_body = True

    @extend_schema(request=None, responses={201: schemas.RefreshStarted})
    def post(self, request: Request, source: str) -> Response:
        return Response(schemas.RefreshStarted(services.refresh(self.found(source), self.person).pk), status=201)
