"""The API of kept rows."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.endpoints import keeping_schemas, keeping_services, samples, truth
from designer.endpoints.models import Keeping
from designer.endpoints.views import OfEndpoint
from designer.http.errors import Refusal
from designer.workspaces.endpoint import checked

REQUEST_ID = OpenApiParameter("request_id", str, required=True, description="The id of the request.")


class Keep(OfEndpoint):
    """What is kept of requests: seeing and changing it."""

    actions: ClassVar = {"get": "endpoint.see", "put": "endpoint.keep"}

    @extend_schema(responses=keeping_schemas.EndpointKeeping)
    def get(self, request: Request, endpoint: str) -> Response:
        return Response(keeping_services.shown(self.endpoint(endpoint)))

    @extend_schema(request=keeping_schemas.EndpointKeepingSerializer, responses=keeping_schemas.EndpointKeeping)
    def put(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        keeping_services.change(found, checked(keeping_schemas.EndpointKeepingSerializer, request))
        return Response(keeping_services.shown(found))


class KeptDataset(OfEndpoint):
    """Making a version of the dataset of sampled rows now."""

    actions: ClassVar = {"post": "endpoint.collect"}
    takes_no_body = True

    @extend_schema(request=None, responses=keeping_schemas.EndpointKeptDataset)
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        made = samples.make_version(found, timezone.now()) if Keeping.objects.filter(endpoint=found).exists() else None
        return Response(keeping_schemas.EndpointKeptDataset(made.number if made else None))


class KeptRows(OfEndpoint):
    """Deleting what is kept of a request."""

    actions: ClassVar = {"delete": "endpoint.forget"}

    @extend_schema(parameters=[REQUEST_ID], responses={200: keeping_schemas.EndpointForgotten})
    def delete(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        id = request.query_params.get("request_id", "")
        if not id:
            raise Refusal(400, "no_request_id", "The request is not named.", remedy="Give its id as ?request_id=.", field="request_id")
        rows = samples.forget_request(found, id)
        trail.details(rows=rows)
        return Response(keeping_schemas.EndpointForgotten(rows))


class TruthOfEndpoint(OfEndpoint):
    """What turned out to be true: figures by day, and adding to it."""

    actions: ClassVar = {"get": "endpoint.see", "post": "endpoint.truth"}

    @extend_schema(responses=keeping_schemas.EndpointTruth)
    def get(self, request: Request, endpoint: str) -> Response:
        return Response(truth.shown(self.endpoint(endpoint), timezone.now()))

    @extend_schema(request=keeping_schemas.EndpointTruthSerializer, responses=keeping_schemas.EndpointTruthAdded)
    def post(self, request: Request, endpoint: str) -> Response:
        found = self.endpoint(endpoint)
        asked = checked(keeping_schemas.EndpointTruthSerializer, request)
        if ("rows" in asked) == ("dataset" in asked) or ("dataset" in asked and not ("key" in asked and "actual" in asked)):
            words = "Truth is given either as rows, or as a dataset with the columns key and actual."
            raise Refusal(422, "wrong_form", words, remedy='Send {"rows": [...]} or {"dataset": "...", "key": "...", "actual": "..."}.')
        rows = asked["rows"] if "rows" in asked else truth.rows_of_dataset(found, asked["dataset"], asked["key"], asked["actual"])
        trail.details(rows=len(rows))
        return Response(keeping_schemas.EndpointTruthAdded(len(rows), truth.add(found, rows, timezone.now())))
