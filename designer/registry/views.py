"""The API of the model registry."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.http.attachments import ByQuery, attachment, files
from designer.http.errors import absent
from designer.registry import decisions, exports, gates, models, queries, schemas, services
from designer.registry.comparing import Comparison, compare
from designer.registry.names import NAME
from designer.workspaces.endpoint import Endpoint, checked, queried
from designer.workspaces.models import Workspace
from designer.workspaces.permissions import visible
from pipelines.models import Run

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
NAMED = OpenApiParameter("name", str, description="Only the model that has, or had, this name.")
EVEN_IF_USED = OpenApiParameter("even_if_used", bool, default=False, description="Delete it although runs have loaded it.")
AS = OpenApiParameter("as", str, enum=list(exports.FORMATS), required=True)
MOST_LISTED, MOST_CHANGES = 1000, 1000
by_scope = attrgetter("scope")


class Models(Endpoint):
    """The models one may see, and registering a version."""

    actions: ClassVar = {"get": "model.list", "post": "model.register"}

    @extend_schema(parameters=[WORKSPACE, NAMED], responses=list[schemas.RegisteredModel])
    def get(self, request: Request) -> Response:
        found = visible(self.person, models.RegisteredModel.objects.all(), request.query_params.get("workspace"))
        if name := request.query_params.get("name"):
            found = found.filter(name=name) | found.filter(former_names__name=name) if NAME.fullmatch(name) else found.none()
        listed = queries.with_versions(found.distinct()).order_by("-created_at", "name")[:MOST_LISTED]
        return Response([*map(schemas.RegisteredModel.of, listed)])

    @extend_schema(request=schemas.RegisterSerializer, responses={201: schemas.Registered, 200: schemas.Registered})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.RegisterSerializer, request)
        run = self.fetch(Run.objects.all(), asked["run"], by_scope)
        workspace = Workspace.objects.get(pk=run.scope)
        version, new = services.register(workspace, self.person, run, asked["node"], asked["port"], asked["name"], asked.get("note", ""))
        made = schemas.Registered(version.model_id, version.model.name, version.number, new)
        return Response(made, status=201 if new else 200)


class ModelEndpoint(Endpoint):
    """A view on one model."""

    def model(self, id: str) -> models.RegisteredModel:
        """The model, through the choke point."""
        return self.fetch(queries.with_versions(models.RegisteredModel.objects.all()), id)

    def version(self, id: str, number: str) -> models.ModelVersion:
        """A version of the model, by its number."""
        model = self.model(id)
        found = model.versions.filter(number=int(number)).first() if number.isascii() and number.isdecimal() and len(number) < 10 else None
        if found is None:
            raise absent()
        found.model = model
        return found


class OneModel(ModelEndpoint):
    """A model: its versions, its name and its end."""

    actions: ClassVar = {"get": "model.see", "patch": "model.edit", "delete": "model.delete"}

    @extend_schema(responses=schemas.RegisteredModel)
    def get(self, request: Request, model: str) -> Response:
        return Response(schemas.RegisteredModel.of(self.model(model)))

    @extend_schema(request=schemas.ModelEditSerializer, responses=schemas.RegisteredModel)
    def patch(self, request: Request, model: str) -> Response:
        found = self.model(model)
        services.edit(found, checked(schemas.ModelEditSerializer, request))
        return Response(schemas.RegisteredModel.of(self.model(model)))

    @extend_schema(parameters=[EVEN_IF_USED], responses={204: None})
    def delete(self, request: Request, model: str) -> Response:
        services.delete_model(self.model(model), even_if_used=request.query_params.get("even_if_used") == "true")
        return Response(status=204)


class Versions(ModelEndpoint):
    """The versions of a model, the newest first."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(responses=list[schemas.ModelVersionBrief])
    def get(self, request: Request, model: str) -> Response:
        return Response(schemas.RegisteredModel.of(self.model(model)).versions)


class Download(ModelEndpoint):
    """A version as a file."""

    actions: ClassVar = {"get": "model.download"}
    content_negotiation_class = ByQuery

    @extend_schema(parameters=[AS], responses=files("application/octet-stream", "application/zip"))
    def get(self, request: Request, model: str, number: str) -> StreamingHttpResponse:
        version = self.version(model, number)
        file, media_type, ending, remove = exports.exported(version, request.query_params.get("as", ""))
        return attachment(file, f"{version.model.name}-v{version.number}{ending}", media_type, remove=remove)


class OneVersion(ModelEndpoint):
    """A version with its signature, its origin and what uses it."""

    actions: ClassVar = {"get": "model.see", "patch": "model.edit", "delete": "model.delete"}

    @extend_schema(responses=schemas.ModelVersion)
    def get(self, request: Request, model: str, number: str) -> Response:
        return Response(queries.whole(self.version(model, number)))

    @extend_schema(request=schemas.ModelVersionEditSerializer, responses=schemas.ModelVersion)
    def patch(self, request: Request, model: str, number: str) -> Response:
        found = self.version(model, number)
        found.note = checked(schemas.ModelVersionEditSerializer, request)["note"]
        found.save(update_fields=["note"])
        return Response(queries.whole(found))

    @extend_schema(parameters=[EVEN_IF_USED], responses={204: None})
    def delete(self, request: Request, model: str, number: str) -> Response:
        services.delete_version(self.version(model, number), even_if_used=request.query_params.get("even_if_used") == "true")
        return Response(status=204)


class VersionStage(ModelEndpoint):
    """Approving a version, retiring it, or making it a candidate again."""

    actions: ClassVar = {"put": "model.approve"}

    @extend_schema(request=schemas.StageSerializer, responses=schemas.ModelVersion)
    def put(self, request: Request, model: str, number: str) -> Response:
        found = self.version(model, number)
        asked = checked(schemas.StageSerializer, request)
        decisions.set_stage(found, asked["stage"], self.person, asked.get("why", ""))
        return Response(queries.whole(found))


class Gates(ModelEndpoint):
    """Setting the conditions that versions of a model must meet."""

    actions: ClassVar = {"put": "model.gates"}

    @extend_schema(request=schemas.GatesSerializer, responses=schemas.RegisteredModel)
    def put(self, request: Request, model: str) -> Response:
        gates.set_gates(self.model(model), checked(schemas.GatesSerializer, request)["gates"])
        return Response(schemas.RegisteredModel.of(self.model(model)))


class VersionGates(ModelEndpoint):
    """How a version stands to the conditions of its model."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(responses=list[gates.GateResult])
    def get(self, request: Request, model: str, number: str) -> Response:
        version = self.version(model, number)
        return Response(gates.results(version, gates.read_gates(version.model)))


class Aliases(ModelEndpoint):
    """The aliases of a model, now or at a moment."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(parameters=[schemas.MomentSerializer], responses=schemas.Aliases)
    def get(self, request: Request, model: str) -> Response:
        found = self.model(model)
        at = queried(schemas.MomentSerializer, request).get("at", timezone.now())
        return Response(schemas.Aliases(decisions.aliases_at(found, at)))


class OneAlias(ModelEndpoint):
    """Moving an alias and removing it, both against what it names now."""

    actions: ClassVar = {"put": "model.alias", "delete": "model.alias"}

    @extend_schema(request=schemas.AliasSerializer, responses=schemas.RegisteredModel)
    def put(self, request: Request, model: str, alias: str) -> Response:
        found = self.model(model)
        asked = checked(schemas.AliasSerializer, request)
        decisions.move_alias(found, alias, asked["version"], asked["expected"], self.person, asked.get("why", ""))
        return Response(schemas.RegisteredModel.of(self.model(model)))

    @extend_schema(parameters=[schemas.AliasRemovalSerializer], responses={204: None})
    def delete(self, request: Request, model: str, alias: str) -> Response:
        found = self.model(model)
        asked = queried(schemas.AliasRemovalSerializer, request)
        decisions.move_alias(found, alias, None, asked["expected"], self.person, asked.get("why", ""))
        return Response(status=204)


class History(ModelEndpoint):
    """The decisions about a model, the newest first."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(responses=list[schemas.RegistryChange])
    def get(self, request: Request, model: str) -> Response:
        changes = self.model(model).changes.order_by("-at", "-pk")[:MOST_CHANGES]
        return Response([*map(schemas.RegistryChange.of, changes)])


class Compare(ModelEndpoint):
    """Versions of a model side by side."""

    actions: ClassVar = {"get": "model.see"}

    @extend_schema(parameters=[schemas.CompareSerializer], responses=Comparison)
    def get(self, request: Request, model: str) -> Response:
        numbers = queried(schemas.CompareSerializer, request)["versions"].split(",")
        return Response(compare([self.version(model, number) for number in dict.fromkeys(numbers)]))
