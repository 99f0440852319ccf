"""Versions of registered models in a lineage."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User

from designer.endpoints.models import EndpointVersion
from designer.endpoints.uses import made_of, ready_versions
from designer.http.errors import absent
from designer.lineage.datasets import MOST_NUMBER
from designer.lineage.kinds import Link, Opened, Spot, Walk
from designer.lineage.runs import readers
from designer.lineage.schemas import LineageNode
from designer.registry.models import ModelVersion, RegisteredModel
from designer.registry.names import named
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
                outputs = [column["name"] for column in (served.signature or {}).get("outputs", ())]
                if spot.id == f"{served.endpoint_id}.{served.number}" and spot.column in (None, *outputs):  # an input is made of no model
                    yield Link(_spot(model), spot, "", "all")
        elif spot.kind == "run":
            yield from self._loaded(walk, spot)

    def _loaded(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The registered models that a step loaded: those with the bytes, of the name in its setting first."""
        name, _, node = spot.id.partition("/")
        lineage = walk.run(name)
        for param, output in lineage.datasets(node).items() if lineage else ():
            if lineage is None or not lineage.is_registered(node, param):
                continue
            wanted = lineage.wanted(node, param)
            if version := walk.once(version_with, output.digest, walk.scope, wanted):
                if not _is_called(version, wanted):
                    walk.say(
                        f"“{wanted}”, which {node} loaded, was deleted; the registered model “{version.model.name}” has the same content."
                    )
                yield Link(_spot(version), spot, param)
            else:
                walk.say(f"The version of the registered model “{wanted}” that {node} loaded was deleted.")

    @staticmethod
    def _is_of(walk: Walk, version: ModelVersion, name: object) -> bool:
        found = walk.once(version_with, version.digest, walk.scope, name)
        return found is not None and (found.model_id == version.model_id or not _is_called(found, name))  # of that name none is left

    def after(self, walk: Walk, spot: Spot) -> Iterator[Link]:
        """The models that were registered from a step; of a model, the endpoints that serve it and the steps that loaded it."""
        if spot.kind == "run":
            name, _, node = spot.id.partition("/")
            for version in walk.once(_registered, name, walk.scope):
                if (version.origin.get("node"), version.origin.get("port")) == (node, spot.port):
                    yield Link(spot, _spot(version), "")
        elif spot.kind == KIND:
            for served, model in walk.once(_served, walk.scope):
                if spot.ref == _spot(model).ref:
                    yield Link(spot, Spot("endpoint", f"{served.endpoint_id}.{served.number}"), "", "all")
            if loaded := walk.once(_version, spot.id, walk.scope):
                yield from readers(walk, spot, loaded.digest, loaded.model.name, lambda name: self._is_of(walk, loaded, name))


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


def _is_called(version: ModelVersion, name: object) -> bool:
    """Whether a version is of the model that has, or had, a name."""
    model = named(version.model.workspace_id, name) if isinstance(name, str) else None
    return model is not None and model.pk == version.model_id


def version_with(digest: str, scope: str, name: object) -> ModelVersion | None:
    """The version of a registered model with these bytes, of a name if one has it."""
    found = list(ModelVersion.objects.filter(digest=digest, model__workspace=scope).select_related("model").order_by("-created_at", "-pk"))
    model = named(scope, name) if isinstance(name, str) else None
    return next((version for version in found if model and version.model_id == model.pk), found[0] if found else None)


def _registered(run: str, scope: str) -> list[ModelVersion]:
    return list(ModelVersion.objects.filter(run=run, model__workspace=scope))


def _version(id: str, scope: str) -> ModelVersion | None:
    model, _, number = id.partition(".")
    return ModelVersion.objects.filter(model=model, model__workspace=scope, number=int(number)).select_related("model").first()
