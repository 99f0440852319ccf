"""Queries of the registry."""

from __future__ import annotations

import re

import msgspec
from django.db.models import QuerySet

from designer.http.errors import absent
from designer.registry import models, schemas
from designer.registry.models import RegisteredModel, Stage, TransferState
from designer.registry.names import NAME, named
from designer.registry.transfer_schemas import OnnxFile
from designer.registry.uses import users_of
from designer.workspaces.models import Workspace

LATEST = "latest"
NUMBER = re.compile(r"v?([1-9]\d{0,8})")


def with_versions(found: QuerySet[RegisteredModel]) -> QuerySet[RegisteredModel]:
    """Models with all that the API shows of them, in four queries."""
    return found.prefetch_related("versions__aliases", "former_names")


def version_of(workspace: Workspace, name: str, wanted: str | None) -> models.ModelVersion | None:
    """A version of a model, by its number or an alias; without either the latest one that is not retired."""
    found = named(workspace.pk, name)
    if found is None:
        return None
    versions = found.versions.select_related("model")
    wanted = (wanted or "").strip()
    if wanted in ("", LATEST):
        return versions.exclude(stage=Stage.RETIRED).order_by("-number").first()
    if number := NUMBER.fullmatch(wanted):
        return versions.filter(number=int(number[1])).first()
    return versions.filter(aliases__name=wanted).first() if NAME.fullmatch(wanted) else None


def locked(model: str) -> RegisteredModel:
    """A model, locked until the transaction ends.

    Raises:
        Refusal: 404 when it was deleted meanwhile.
    """
    found = RegisteredModel.objects.select_for_update().filter(pk=model).first()
    if found is None:
        raise absent()
    return found


def kept_digests(workspace: Workspace) -> set[str]:
    """The digests of all files of registered models, which cleanups keep."""
    records = models.ModelVersion.objects.filter(model__workspace=workspace).values_list("digest", "record__report")
    coming = models.ModelImport.objects.filter(workspace=workspace, state=TransferState.GOING).values_list("digest", flat=True)
    written = models.OnnxFile.objects.filter(version__model__workspace=workspace).values_list("digest", flat=True)
    return {digest for digest in (*(each for pair in records for each in pair), *coming, *written) if digest}


def whole(version: models.ModelVersion) -> schemas.ModelVersion:
    """A version with its origin and what uses it."""
    users, onnx = users_of(version), models.OnnxFile.objects.filter(version=version).first()
    return schemas.ModelVersion.of(
        version,
        id=str(version.pk),
        model=version.model_id,
        model_name=version.model.name,
        kind=version.record["kind"],
        signature=None if version.signature is None else msgspec.convert(version.signature, schemas.ModelSignature),
        origin=msgspec.convert(version.origin, schemas.Origin),
        used_by=users,
        serving=any(user.serves for user in users),
        onnx=onnx and OnnxFile.of(onnx),
        by_code=version.output.by_code,
    )
