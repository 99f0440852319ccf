"""Versions as files for other programs."""

from __future__ import annotations

from pathlib import Path

from designer.http.errors import Refusal
from designer.registry.models import ModelVersion
from pipelines import flow
from pipelines.flow import Damaged

FORMATS = ("skops",)


def exported(version: ModelVersion, as_: str) -> tuple[Path, str, str, bool]:
    """A version as a file: its path, its media type, the ending of its name, and whether it is to be deleted afterwards.

    Raises:
        Refusal: 400 for an unknown format, 410 when the stored file is lost.
    """
    if as_ not in FORMATS:
        raise Refusal(400, "unknown_format", f"A model cannot be downloaded as {as_[:20]!r}.", remedy=f"Use one of {', '.join(FORMATS)}.")
    try:
        return flow.store(version.model.workspace_id).path(version.digest), "application/octet-stream", ".skops", False
    except Damaged:
        words = "The stored model is missing or damaged."
        raise Refusal(410, "data_lost", words, remedy="Run its pipeline again and register the result.") from None
