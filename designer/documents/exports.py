"""Pipelines as code that needs no Easel: a script or a notebook, with its datasets in one archive if asked for."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework import serializers

from designer.http.attachments import attachment
from designer.http.errors import Refusal
from pipelines import flow
from pipelines.flow import Damaged, Exported

MEDIA_TYPES = ("text/x-python", "application/x-ipynb+json", "application/zip")


class ExportSerializer(serializers.Serializer[Any]):
    """In which form, and whether the datasets come with it."""

    format = serializers.ChoiceField(choices=("script", "notebook"), default="script")
    with_data = serializers.BooleanField(default=False, help_text="Send an archive (ZIP) with the datasets, as Parquet in the folder data.")


def sent(code: Exported, form: str, *, data: bool) -> StreamingHttpResponse:
    """The file, or an archive with its datasets."""
    name, media_type, text = _form(code, form)
    with tempfile.NamedTemporaryFile(prefix="easel_export_", delete=False) as draft:
        file = Path(draft.name)
    try:
        if not data:
            file.write_text(text)
            return attachment(file, name, media_type, remove=True)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{code.name}/{name}", text)
            with tempfile.TemporaryDirectory(prefix="easel_export_") as folder:
                write_data(code, Path(folder))
                for each in sorted(Path(folder).iterdir()):
                    archive.write(each, f"{code.name}/data/{each.name}", zipfile.ZIP_STORED)
        return attachment(file, f"{code.name}.zip", "application/zip", remove=True)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _form(code: Exported, form: str) -> tuple[str, str, str]:
    if form == "notebook":
        return f"{code.name}.ipynb", MEDIA_TYPES[1], code.notebook
    return f"{code.name}.py", MEDIA_TYPES[0], code.script


def write_data(code: Exported, folder: Path) -> None:
    """Write the datasets of a script into a folder.

    Raises:
        Refusal: 410 when the stored rows of one are missing or damaged.
    """
    for file in code.files:
        try:
            flow.table(file.output, file.scope).frame.write_parquet(folder / file.name)
        except Damaged:
            words = f"The stored rows of {file.name.removesuffix('.parquet')} are missing or damaged."
            raise Refusal(410, "data_lost", words, remedy="Upload the file again as a new version, or run the pipeline again.") from None
