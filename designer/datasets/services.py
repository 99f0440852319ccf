"""Dataset services: upload, add a version, rename, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from designer.datasets.ingest import Stored, store_table
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.names import check_name, free_name, name_from, name_taken, title_from
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import Options
from designer.datasets.quota import left_for
from designer.http.errors import Refusal
from designer.http.outages import FULL
from designer.workspaces.models import Workspace
from pipelines.texts.rules import USUAL, Rules

TRIES = 5
STATUS = {"store_full": 409, "disk_full": 503}  # the file is valid; there is no space for its table


def with_versions(found: QuerySet[Dataset]) -> QuerySet[Dataset]:
    """Datasets with all that the API shows of them, in two queries."""
    return found.prefetch_related("versions")


def upload(workspace: Workspace, person: User, file: UploadedFile, name: str | None = None, rules: Rules = USUAL) -> Dataset:
    """Create a dataset from an uploaded file, with its first version.

    Raises:
        Refusal: 422 with the error of the file, its place, and the remedy; 409 or 503 when there is no space for its table.
    """
    file_name = file.name or ""
    stored = _stored(workspace.pk, file, Options(rules, left_for(workspace, file.size or 0)))
    title = name.strip()[:200] if name and name.strip() else title_from(file_name)
    return make(workspace, name_from(name or file_name), title, f"Uploaded from {stored.file_name}", stored, person)


def make(workspace: Workspace | None, wanted: str, title: str, source: str, stored: Stored, person: User | None) -> Dataset:
    """Create a dataset from a stored table, under the wanted name or the next free one."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                dataset = Dataset.objects.create(workspace=workspace, name=free_name(workspace, wanted), title=title, source=source)
                _append(dataset, stored, person)
                return dataset
        except IntegrityError:  # the name was taken in between
            continue
    raise name_taken(wanted)


def add_version(dataset: Dataset, person: User, file: UploadedFile, rules: Rules = USUAL) -> DatasetVersion:
    """Add a version to a dataset, from an uploaded file.

    Raises:
        Refusal: 422 with the error of the file, its place, and the remedy; 409 or 503 when there is no space for its table.
    """
    left = left_for(dataset.workspace, file.size or 0) if dataset.workspace else None
    stored = _stored(dataset.scope, file, Options(rules, left))
    with transaction.atomic():
        return _append(dataset, stored, person)


def append_version(dataset: Dataset, stored: Stored, person: User | None) -> DatasetVersion:
    """Add a version to a dataset, from a stored table."""
    with transaction.atomic():
        return _append(dataset, stored, person)


def _append(dataset: Dataset, stored: Stored, person: User | None) -> DatasetVersion:
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    last = dataset.versions.aggregate(last=Max("number"))["last"] or 0
    return DatasetVersion.objects.create(dataset=dataset, number=last + 1, created_by=person, **asdict(stored))


def edit(dataset: Dataset, changes: Mapping[str, str]) -> None:
    """Change the name, title or source.

    Raises:
        Refusal: For an invalid or taken name.
    """
    if "name" in changes:
        dataset.name = check_name(dataset, changes["name"])
    dataset.title = changes.get("title", dataset.title)
    dataset.source = changes.get("source", dataset.source)
    try:
        with transaction.atomic():
            dataset.save(update_fields=["name", "title", "source"])
    except IntegrityError:
        raise name_taken(dataset.name) from None


def _stored(scope: str, file: UploadedFile, options: Options) -> Stored:
    assert isinstance(file, TemporaryUploadedFile), "uploads go to files (settings.FILE_UPLOAD_HANDLERS)"
    try:
        return store_table(scope, Path(file.temporary_file_path()), file.name or "", options=options)
    except Unreadable as wrong:
        status = STATUS.get(wrong.code, 422)
        headers = {"Retry-After": str(FULL.retry_after)} if status == 503 else None
        raise Refusal(status, wrong.code, wrong.words, remedy=wrong.remedy, headers=headers, field="file") from wrong
