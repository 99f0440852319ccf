"""Versions as files for other programs."""

from __future__ import annotations

import platform
from datetime import UTC
from importlib.metadata import version as version_of
from pathlib import Path

import msgspec

from designer.http.errors import Refusal
from designer.registry.models import ModelVersion, OnnxFile, TransferState
from designer.registry.schemas import ModelFacts
from designer.registry.signatures import bare
from pipelines import flow
from pipelines.catalogue.errors import ModuleError
from pipelines.flow import Damaged
from pipelines.serving.mlflow_folder import write_folder
from pipelines.serving.signature import Signature

FORMATS = ("skops", "mlflow", "onnx")


def exported(version: ModelVersion, as_: str) -> tuple[Path, str, str, bool]:
    """A version as a file: its path, its media type, the ending of its name, and whether it is to be deleted afterwards.

    Raises:
        Refusal: 400 for an unknown format, 409 when the model cannot be written in it, 410 when the stored file is lost.
    """
    if as_ not in FORMATS:
        raise Refusal(400, "unknown_format", f"A model cannot be downloaded as {as_[:20]!r}.", remedy=f"Use one of {', '.join(FORMATS)}.")
    try:
        stored = flow.store(version.model.workspace_id).path(version.digest)
        if as_ == "onnx":
            return _onnx(version), "application/octet-stream", ".onnx", False
        if as_ == "skops":
            return stored, "application/octet-stream", ".skops", False
        return _folder(version, stored), "application/zip", "-mlflow.zip", True
    except Damaged:
        words = "The stored model is missing or damaged."
        raise Refusal(410, "data_lost", words, remedy="Run its pipeline again and register the result.") from None
    except ModuleError as wrong:
        raise Refusal(409, wrong.code, wrong.words, remedy=wrong.remedy) from None


def _onnx(version: ModelVersion) -> Path:
    """The ONNX file, which a worker has written before."""
    row = OnnxFile.objects.filter(version=version).first()
    if row is None or row.state == TransferState.GOING:
        words = "The version has no ONNX file yet." if row is None else "The ONNX file is being written."
        raise Refusal(409, "not_converted", words, remedy="Send POST to the address …/onnx/ of the version, and wait until it is done.")
    if row.state == TransferState.FAILED:
        raise Refusal(409, row.fault["code"], row.fault["words"], remedy=row.fault.get("remedy"))
    return flow.store(version.model.workspace_id).path(row.digest)


def _folder(version: ModelVersion, stored: Path) -> Path:
    """An MLflow model folder as a ZIP archive; the model is not loaded."""
    model = bare(msgspec.convert(version.origin["model"], ModelFacts))
    signature = None if version.signature is None else msgspec.convert(version.signature, Signature)
    created = version.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    versions = {**version.origin.get("libraries", {}), "python": platform.python_version(), "skops": version_of("skops")}
    out = flow.store(version.model.workspace_id).scratch()
    try:
        write_folder(model, stored, signature, versions, out, created)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return out
