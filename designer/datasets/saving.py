"""Saving a value of a run, such as a trained model, under a name of the workspace: a version that does not change and is kept."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max

from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.names import name_from, name_taken, seen_from, title_from
from designer.datasets.quota import check_room
from designer.http.errors import Refusal
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import TABLE
from pipelines.flow import Output

# What else loads a saved value: functions that give it in words, such as "the published pipeline prices", or "" for nothing.
USED_BY: list[Callable[[Dataset], str]] = []


def save_output(workspace: Workspace, person: User, output: Output, title: str, source: str) -> Dataset:
    """Save an output of a run as the first version of a new name, or as the next version of a name that holds the same kind.

    Raises:
        Refusal: When it is lost or of a kind that is downloaded instead, the name is taken by another kind, or there is no space.
    """
    kind = kinds()[output.kind]
    if kind.loader is None:
        words = f"{kind.words[:1].upper()}{kind.words[1:]} cannot be saved, because no module loads it."
        raise Refusal(409, "not_saved", words, remedy="Download it, or make it in the other pipeline too.")
    check_room(workspace)
    keep_on(output, workspace.pk)
    return append_output(workspace, person, output, title, source)


def append_output(workspace: Workspace, person: User | None, output: Output, title: str, source: str) -> Dataset:
    """Add a stored output, also a table, as the next version of a name, or as the first of a new one.

    Raises:
        Refusal: 409 when the name is taken by another kind.
    """
    name = name_from(title_from(title))
    try:
        with transaction.atomic():
            found = Dataset.objects.select_for_update().filter(workspace=workspace, name=name).first()
            if found is None and Dataset.objects.filter(seen_from(workspace), name=name).exists():
                raise name_taken(name)
            if found is not None and found.kind != output.kind:
                words = f"“{name}” is the name of {kinds()[found.kind].words}."
                raise Refusal(409, "name_taken", words, remedy="Enter another name.", field="name")
            if found is None:
                found = Dataset.objects.create(workspace=workspace, name=name, title=title_from(title), source=source, kind=output.kind)
            _append(found, person, output)
            return found
    except IntegrityError:
        raise name_taken(name) from None


def _append(dataset: Dataset, person: User | None, output: Output) -> None:
    last = dataset.versions.aggregate(last=Max("number"))["last"] or 0
    record = output.as_json()
    DatasetVersion.objects.create(
        dataset=dataset,
        number=last + 1,
        created_by=person,
        digest=output.digest,
        bytes=output.bytes,
        rows=output.rows or 0,
        columns=record.get("columns") or [],
        file_name="",
        file_digest="",
        record=record,
    )


def keep_on(output: Output, scope: str) -> None:
    """Let its files count as stored now, so that a cleanup that began before leaves them.

    Raises:
        Refusal: 410 when one is missing or damaged.
    """
    if not all(flow.store(scope).renew(digest) for digest in filter(None, (output.digest, output.report))):
        words = "The stored result is missing or damaged."
        raise Refusal(410, "result_lost", words, remedy="Run the pipeline again to recompute it.")


def check_unused(dataset: Dataset) -> None:
    """Check that no kept run has loaded a saved value.

    Raises:
        Refusal: 409 with how many did.
    """
    if dataset.kind == TABLE:
        return
    runs = sum(flow.readers(version.output, dataset.scope).count() for version in dataset.versions.all())
    if runs:
        words = f"“{dataset.name}” was loaded by {counted(runs, 'run')}, whose pipelines cannot be run without it."
        remedy = "Delete it with even_if_used=true, or delete these pipelines first."
        raise Refusal(409, "in_use", words, remedy=remedy)
    if users := " and ".join(filter(None, (used(dataset) for used in USED_BY))):
        words = f"“{dataset.name}” is loaded by {users}."
        raise Refusal(409, "in_use", words, remedy="Delete what loads it first, or delete it with even_if_used=true.")
