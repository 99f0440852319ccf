"""Versions of registered models in a lineage."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User

from designer.endpoints.models import EndpointVersion
from designer.endpoints.uses import made_of, ready_versions
from designer.http.errors import absent
from designer.lineage.datasets import MOST_NUMBER
from designer.lineage.kinds import Link, Opened, Spot, Walk
from designer.lineage.schemas import LineageNode
from designer.registry.models import ModelVersion, RegisteredModel
from designer.workspaces.permissions import get_for

KIND = "model"


class ModelVersions:
    """Versions of registered models: `MODEL.NUMBER`."""

    def open(self, person: User, action: str, id: str, workspace: str | None) -> Opened:
        """A version; the newest one where none is named."""
        name, _, number = id.partition(".")
        model = get_for(person, action, RegisteredModel.objects.all(), name)
        if number and not (number.isascii() and number.isdecimal() and int(number) <= MOST_NUMBER):
            raise absent()
        version = (model.versions.filter(number=int(number)) if number else model.versions.order_by("-number")).first()
        if version is None:
            raise absent()
        return Opened(model.workspace_id, (_spot(version),))

    def node(self, walk: Walk, id: str) -> LineageNode | None:
        """A version with who registered it."""
        version = walk.once(_version, id, walk.scope)
        if version is None:
            return None
        return LineageNode(
            id=f"{KIND}:{id}",
            kind=KIND,
            title=version.model.name,
            detail=f"Registered model, version {version.number}, {version.get_stage_display().lower()}",
            href=f"/models/{version.model_id}",
            people=[version.created_by] if version.created_by else [],
            at=version.created_at,
        )

    def before(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The step that made a model; of an endpoint, the registered models that it serves."""
        if spot.kind == KIND and (version := walk.once(_version, spot.id, walk.scope)):
            if walk.run(version.run):
                yield Link(Spot("run", f"{version.run}/{version.origin['node']}", version.origin["port"]), spot, "")
            elif version.run:
                walk.say(f"The run that made “{version.model.name}”, version {version.number}, is not kept any more.")
        elif spot.kind == "endpoint":
            for served, model in walk.once(_served, walk.scope):
                if spot.id == f"{served.endpoint_id}.{served.number}":
                    yield Link(_spot(model), spot, "", "all")

    def after(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The models that were registered from a step; of a model, the endpoints that serve it."""
        if spot.kind == "run":
            name, _, node = spot.id.partition("/")
            for version in walk.once(_registered, name, walk.scope):
                if (version.origin.get("node"), version.origin.get("port")) == (node, spot.port):
                    yield Link(spot, _spot(version), "")
        elif spot.kind == KIND:
            for served, model in walk.once(_served, walk.scope):
                if spot.ref == _spot(model).ref:
                    yield Link(spot, Spot("endpoint", f"{served.endpoint_id}.{served.number}"), "", "all")


def _spot(version: ModelVersion) -> Spot:
    return Spot(KIND, f"{version.model_id}.{version.number}")


def _served(scope: str) -> list[tuple[EndpointVersion, ModelVersion]]:
    """The proven versions of endpoints, each with the registered models that its scores are computed with."""
    models = list(ModelVersion.objects.filter(model__workspace=scope))
    return [
        (version, model)
        for version in ready_versions(scope)
        for digests in [made_of(version)]
        for model in models
        if model.digest in digests
    ]


def _registered(run: str, scope: str) -> list[ModelVersion]:
    return list(ModelVersion.objects.filter(run=run, model__workspace=scope))


def _version(id: str, scope: str) -> ModelVersion | None:
    model, _, number = id.partition(".")
    return ModelVersion.objects.filter(model=model, model__workspace=scope, number=int(number)).select_related("model").first()
