"""Imports of files as versions, and versions as ONNX files: what is asked for, and what a worker does of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from django.contrib.auth.models import User
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from designer.datasets.quota import check_room
from designer.http.errors import Refusal
from designer.http.misread import misread
from designer.registry.models import ModelImport, ModelVersion, OnnxFile, TransferState
from designer.registry.names import check_name
from designer.registry.schemas import ModelFacts
from designer.registry.services import Content, add_version
from designer.registry.signatures import rows_of
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked
from pipelines.exchange.upload import MOST_BYTES, identify
from pipelines.models import Run
from pipelines.serving.signature import Signature

LONGEST_NAME, MOST_FEATURES, MOST_TEXT = 200, 10_000, 500


def ask_for_import(workspace: Workspace, by: User, file: UploadedFile, asked: Mapping[str, Any]) -> ModelImport:
    """Store an uploaded file that a worker is to read as a version.

    Raises:
        Refusal: 400 for an invalid name, 413 or 422 for a file that is none of those that are read, 409 without space.
    """
    name = check_name(asked["name"])
    said = _asked(asked, "".join(char for char in file.name or "" if char.isprintable())[-LONGEST_NAME:])
    if (file.size or 0) > MOST_BYTES:
        words = f"The file has {file.size:,} bytes; a model may have {MOST_BYTES:,}."
        raise Refusal(413, "too_large", words, remedy="Train a smaller model, for example with fewer trees.", field="file")
    check_room(workspace, file.size or 0)
    assert isinstance(file, TemporaryUploadedFile)  # UploadHandler makes no other
    path = Path(file.temporary_file_path())
    try:
        identify(path, said.file_name)
    except ModuleError as wrong:
        raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field="file") from None
    digest, _ = flow.store(workspace.pk).keep_bytes(path.read_bytes())
    return ModelImport.objects.create(
        workspace=workspace,
        by=by,
        name=name,
        note=asked.get("note", ""),
        file_name=said.file_name,
        digest=digest,
        asked=msgspec.to_builtins(said),
    )


def _asked(asked: Mapping[str, Any], file_name: str) -> Asked:
    """What is said of a file.

    Raises:
        Refusal: 400 when inputs or classes have another form.
    """
    for field, example in (("features", '[{"name": "age", "type": "number"}]'), ("classes", '["no", "yes"]')):
        try:
            found = msgspec.convert({field: asked.get(field) or []}, Asked)
        except msgspec.ValidationError as wrong:
            words = f"The field “{field}” cannot be read: {misread(wrong)[:200]}."
            raise Refusal(400, "invalid", words, remedy=f"Give it as JSON: {example}.", field=field) from None
        texts = [each.name for each in found.features] if field == "features" else list(found.classes)
        if len(texts) > MOST_FEATURES or any(not text or "\0" in text or len(text) > MOST_TEXT for text in texts):
            words = f"“{field}” has more than {MOST_FEATURES:,} entries, an empty one, one with the character NUL, or one of more than {MOST_TEXT} characters."
            raise Refusal(400, "invalid", words, remedy="Give each a short name.", field=field)
    told = {"file_name": file_name, "task": asked.get("task", ""), "label": asked.get("label", "")}
    return msgspec.convert({**told, "features": asked.get("features") or [], "classes": asked.get("classes") or []}, Asked)


def imported(row: ModelImport) -> dict[str, Any]:
    """Read a file as a version, in a sandbox; what is set in the row.

    Raises:
        ModuleError: With what is wrong with the file.
        Refusal: When the version cannot be added.
        Damaged: When the stored file is lost.
    """
    if row.by is None:
        raise ModuleError("no_person", "The person who asked for it has no account any more.", remedy="Import the file again.")
    output, found = flow.import_model(row.workspace_id, row.digest, msgspec.convert(row.asked, Asked))
    facts = msgspec.convert(found.facts, ModelFacts)
    origin = {"imported": row.file_name, "imported_as": found.format[:20], "notes": [note[:500] for note in found.notes[:20]]}
    content = Content(output, facts, msgspec.to_builtins(found.signature), origin=origin)
    version, new = add_version(row.workspace, row.by, row.name, content, row.note)
    return {"version": version, "is_new": new, "fault": {}}


def ask_for_onnx(version: ModelVersion, by: User) -> OnnxFile:
    """Ask a worker for the ONNX file of a version. One that is there, or being written, is answered as it is; a failed one is tried again.

    Raises:
        Refusal: 409 without space.
    """
    check_room(version.model.workspace)
    with transaction.atomic():
        OnnxFile.objects.filter(version=version, state=TransferState.FAILED).delete()
        row, _ = OnnxFile.objects.get_or_create(version=version, defaults={"by": by})
    return row


def converted(row: OnnxFile) -> dict[str, Any]:
    """Write a version as ONNX, in a sandbox; what is set in the row.

    Raises:
        ModuleError: With what does not convert.
        Damaged: When the stored model is lost.
    """
    version = row.version
    scope, facts = version.model.workspace_id, msgspec.convert(version.origin["model"], ModelFacts)
    signature = None if version.signature is None else msgspec.convert(version.signature, Signature)
    rows, words = _rows_to_measure(version, facts)
    digest, size, difference = flow.write_onnx(scope, version.digest, signature, rows, words)
    return {"digest": digest, "bytes": size, "difference": msgspec.to_builtins(difference), "fault": {}}


def _rows_to_measure(version: ModelVersion, facts: ModelFacts) -> tuple[pl.DataFrame | None, str]:
    """Rows with the features of a model, as its run has them, and which they are."""
    run = Run.objects.filter(pk=version.run).first() if version.run else None
    found = rows_of(run, version.origin["node"], facts) if run else None
    if found is None:
        return None, "rows made by the signature, since no rows of its run are kept"
    frame, place = found
    return frame, f"{frame.height:,} rows at {place} of its run"


def ended_before(moment: datetime) -> QuerySet[ModelImport]:
    """Imports that were asked for before a moment and have ended. Their versions stay."""
    return ModelImport.objects.filter(asked_at__lt=moment).exclude(state=TransferState.GOING)
