"""The API of imports and of ONNX files."""

from __future__ import annotations

import time
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from designer.datasets.views import uploaded
from designer.http.errors import Refusal
from designer.registry import models, transfer_schemas, transfers
from designer.registry.models import TransferState
from designer.registry.tasks import enqueue
from designer.registry.views import ModelEndpoint
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.permissions import workspace_for

WAIT_SECONDS, LOOK_SECONDS = 20.0, 0.25


class Imports(Endpoint):
    """Importing a file as a version of a model."""

    actions: ClassVar = {"post": "model.import"}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": transfer_schemas.ImportSerializer},
        responses={201: transfer_schemas.ModelImport, 200: transfer_schemas.ModelImport, 202: transfer_schemas.ModelImport},
    )
    def post(self, request: Request) -> Response:
        """Import a file. Waits up to 20 seconds for it to be read: 201 when it is a version, 200 when equal content was one, 202 when it is still being read."""
        workspace = workspace_for(self.person, self.action, request.data.get("workspace"))
        file = uploaded(request, "Train a smaller model, for example with fewer trees.")
        row = transfers.ask_for_import(workspace, self.person, file, checked(transfer_schemas.ImportSerializer, request))
        enqueue(row)
        row = _settled(row)
        if row.state == TransferState.FAILED:
            fault = row.fault
            raise Refusal(422, fault["code"], fault["words"], remedy=fault.get("remedy") or None, field=fault.get("field") or "file")
        status = 202 if row.state == TransferState.GOING else 201 if row.is_new else 200
        return Response(transfer_schemas.ModelImport.of(row), status=status)


def _settled(row: models.ModelImport) -> models.ModelImport:
    """The row when its file has been read, or after a while."""
    until = time.monotonic() + WAIT_SECONDS
    while row.state == TransferState.GOING and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        row.refresh_from_db()
    return row


class OneImport(Endpoint):
    """An import: whether the file is read, and what came of it."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(responses=transfer_schemas.ModelImport)
    def get(self, request: Request, import_: str) -> Response:
        return Response(transfer_schemas.ModelImport.of(self.fetch(models.ModelImport.objects.select_related("version__model"), import_)))


class Onnx(ModelEndpoint):
    """The ONNX file of a version: ask for it, and see how far it is and how it differs."""

    actions: ClassVar = {"get": "model.see", "post": "model.convert"}
    takes_no_body = True

    @extend_schema(responses=transfer_schemas.OnnxFile)
    def get(self, request: Request, model: str, number: str) -> Response:
        row = models.OnnxFile.objects.filter(version=self.version(model, number)).first()
        if row is None:
            raise Refusal(404, "not_converted", "Nobody has asked for the ONNX file of this version.", remedy="Send POST to this address.")
        return Response(transfer_schemas.OnnxFile.of(row))

    @extend_schema(request=None, responses={202: transfer_schemas.OnnxFile})
    def post(self, request: Request, model: str, number: str) -> Response:
        row = transfers.ask_for_onnx(self.version(model, number), self.person)
        if row.state == TransferState.GOING:
            enqueue(row)
        return Response(transfer_schemas.OnnxFile.of(row), status=202)
