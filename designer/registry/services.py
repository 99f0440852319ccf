"""Registry services: register a version, change and delete models and versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from designer.datasets.quota import check_room
from designer.datasets.saving import keep_on
from designer.http.errors import Refusal
from designer.registry import origin
from designer.registry.models import FormerName, ModelVersion, RegisteredModel
from designer.registry.names import check_name, name_taken, named
from designer.registry.queries import locked
from designer.registry.schemas import ModelFacts
from designer.registry.signatures import facts_of, signature_of
from designer.registry.uses import children_of, users_of
from designer.workspaces.models import Workspace
from designer.workspaces.people import name_of
from pipelines import flow
from pipelines.catalogue.discover import registrable_kinds
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.phrases import counted
from pipelines.flow import Damaged, Output
from pipelines.models import Run

MOST_MODELS, MOST_VERSIONS = 1000, 1000


@dataclass(frozen=True)
class Content:
    """What is registered: the record of a model in the workspace's store, and what is known of it."""

    output: Output
    facts: ModelFacts
    signature: Any
    run: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)
    metrics: list[dict[str, Any]] = field(default_factory=list)


def register(workspace: Workspace, by: User, run: Run, node: str, port: str, name: str, note: str = "") -> tuple[ModelVersion, bool]:
    """Register what a step of a run left at a port, as the next version of a name; and whether it is new: equal content gives the version that has it.

    Raises:
        Refusal: When there is no such output, it is no model, the name is invalid, or there is no space.
    """
    output = flow.output(run, node, port)
    if output is None:
        words = f"The run has no result at {node[:64]}.{port[:64]}."
        raise Refusal(404, "unknown_port", words, remedy="Wait until the step has finished, or use another output.", node=node, port=port)
    check_kind(output)
    try:
        facts = facts_of(output, workspace.pk)
        metrics = origin.metrics_of(run, node, facts.name)
        signature = signature_of(run, node, facts)
    except Damaged:
        words = "The stored result, or an evaluation of it, is missing or damaged."
        raise Refusal(410, "result_lost", words, remedy="Run the pipeline again to recompute it.") from None
    made_of = origin.origin_of(run, node, port, workspace)
    return add_version(workspace, by, name, Content(output, facts, signature, run.pk, made_of, metrics), note)


def check_kind(output: Output) -> None:
    """Check that a module loads registered values of this kind.

    Raises:
        Refusal: When none does.
    """
    loaded = registrable_kinds()
    if output.kind not in loaded:
        words = f"{kinds()[output.kind].words.capitalize()} cannot be registered."
        titles = ", ".join(sorted(kinds()[kind].words for kind in loaded))
        raise Refusal(409, "not_a_model", words, remedy=f"Register {titles}; save other values in the workspace.")


def add_version(workspace: Workspace, by: User, name: str, content: Content, note: str) -> tuple[ModelVersion, bool]:
    """Add content to a name, creating it if it is new.

    Raises:
        Refusal: When the name is invalid, the store is full or the content is lost.
    """
    check_name(name)
    check_room(workspace)
    keep_on(content.output, workspace.pk)
    with transaction.atomic():
        found = _locked(workspace, by, name)
        same = found.versions.filter(digest=content.output.digest).first()
        if same is not None:
            return same, False
        if found.versions.count() >= MOST_VERSIONS:
            words = f"“{found.name}” has {MOST_VERSIONS} versions, the maximum."
            raise Refusal(409, "too_many_versions", words, remedy="Delete versions that are not used.")
        found.last_number += 1
        found.save(update_fields=["last_number"])
        version = ModelVersion.objects.create(
            model=found,
            number=found.last_number,
            digest=content.output.digest,
            record=content.output.as_json(),
            run=content.run,
            origin={"model": msgspec.to_builtins(content.facts), **content.origin},
            signature=content.signature,
            metrics=content.metrics,
            note=note,
            created_by=name_of(by),
        )
        return version, True


def _locked(workspace: Workspace, by: User, name: str) -> RegisteredModel:
    """The model of a name, locked until the transaction ends; two who create it at once get the same one."""
    found = named(workspace.pk, name)
    if found is None:
        if RegisteredModel.objects.filter(workspace=workspace).count() >= MOST_MODELS:
            words = f"This workspace has {MOST_MODELS} registered models, the maximum."
            raise Refusal(409, "too_many_models", words, remedy="Delete one that is not used.")
        try:
            with transaction.atomic():
                found = RegisteredModel.objects.create(workspace=workspace, name=name, created_by=name_of(by))
        except IntegrityError:
            found = RegisteredModel.objects.get(workspace=workspace, name=name)
    held = RegisteredModel.objects.select_for_update().filter(pk=found.pk).first()
    return held or _locked(workspace, by, name)  # somebody deleted it meanwhile


@transaction.atomic
def edit(model: RegisteredModel, changes: Mapping[str, str]) -> None:
    """Change the name or the description. The old name stays with the model.

    Raises:
        Refusal: For an invalid name, or one that another model has or had; 404 when it was deleted meanwhile.
    """
    model = locked(model.pk)  # as it is now: somebody else may have renamed it
    new = changes.get("name", model.name)
    if new != model.name:
        check_name(new)
        holder = named(model.workspace_id, new)
        if holder is not None and holder.pk != model.pk:
            raise name_taken(new)
        FormerName.objects.filter(model=model, name=new).delete()
        FormerName.objects.get_or_create(workspace_id=model.workspace_id, name=model.name, defaults={"model": model})
    model.name, model.description = new, changes.get("description", model.description)
    try:
        with transaction.atomic():
            model.save(update_fields=["name", "description"])
    except IntegrityError:
        raise name_taken(new) from None


@transaction.atomic
def delete_model(model: RegisteredModel, *, even_if_used: bool = False) -> None:
    """Delete a model with all its versions.

    Raises:
        Refusal: 409 while a version is used.
    """
    locked(model.pk)
    for version in model.versions.all():
        check_unused(version, even_if_used=even_if_used, whole=True)
    model.aliases.all().delete()
    model.delete()


@transaction.atomic
def delete_version(version: ModelVersion, *, even_if_used: bool = False) -> None:
    """Delete a version for good. Its number is not used again.

    Raises:
        Refusal: 409 while it is used: it has an alias, something serves it, another version was made of it, or a kept run has loaded it.
    """
    locked(version.model_id)
    check_unused(version, even_if_used=even_if_used)
    version.delete()


def check_unused(version: ModelVersion, *, even_if_used: bool = False, whole: bool = False) -> None:
    """Check that nothing needs a version. Runs that have loaded it can be passed over; aliases, what serves it and what was made of it cannot.

    Args:
        version: The version.
        even_if_used: Whether runs are passed over.
        whole: Whether all of its model is to be deleted: its aliases and other versions do not count.

    Raises:
        Refusal: 409, with what uses it.
    """
    who = f"Version {version.number} of “{version.model.name}”"
    if not whole and (held := list(version.aliases.values_list("name", flat=True))):
        words = f"{who} has the alias {', '.join(held)}."
        raise Refusal(409, "in_use", words, remedy="Move or remove the alias first.")
    if serving := [user for user in users_of(version) if user.serves]:
        words = f"{who} is served by {', '.join(user.name for user in serving)}."
        raise Refusal(409, "in_use", words, remedy="Serve another version first.")
    if made := children_of(version, but_own=whole):
        words = f"{who} is a parent of {', '.join(f'version {each.number} of “{each.model.name}”' for each in made[:5])}."
        raise Refusal(409, "in_use", words, remedy="Delete the versions that were made of it first.")
    runs = 0 if even_if_used else flow.readers(version.output, version.model.workspace_id).count()
    if runs:
        words = f"{who} was loaded by {counted(runs, 'run')}, whose pipelines cannot be run without it."
        raise Refusal(409, "was_loaded", words, remedy="Delete it with even_if_used=true, or delete these pipelines first.")
