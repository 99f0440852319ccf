"""Script Bundle: files that several scripts share."""

from __future__ import annotations

import re
from typing import Annotated

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Table
from pipelines.kinds.bundle import MOST_BYTES, Bundle, bad_bundle, check_paths

HEAD = re.compile(r"^=== *(.+?) *===$", re.MULTILINE)
PATH, CONTENT = "path", "content"
START = "Start each file with a line such as “=== helpers.py ===”."


@module("Script Bundle", icon="file-zip", aliases=("zip", "library", "shared code", "helpers", "functions", "import"))
def bundle(table: Table | None = None, *, files: Annotated[str, Code("python")] = "") -> Bundle:
    """Collect files that scripts import or read: functions, classes, or small tables.

    The files come from a ZIP archive that was uploaded as a dataset, or are written here, or both. Connect the bundle to the input Bundle of Execute
    Python Script, where "import helpers" finds helpers.py, and "easel.bundle" is the folder of the files; or of Execute R Script, where they are in the
    working directory, so that source("helpers.R") finds them. A bundle replaces no package. At most 1,000 files and 64 MB.

    When to use:
        For code or small files that several scripts share.

    Args:
        table: The files of a ZIP archive: a dataset with the columns path and content.
        files: Further files: a line such as "=== folder/helpers.py ===" starts each, and its content follows.

    Returns:
        The files as a ZIP archive.

    Example:
        files: "=== helpers.py ===\\ndef double(x):\\n    return 2 * x\\n"
    """
    if table is None and not files.strip():
        raise ModuleError(
            "no_data",
            "The bundle has no file.",
            param="files",
            remedy=f"Connect the dataset of a ZIP archive, or write files here. {START}",
        )
    archived, written = _archived(table), _written(files)
    try:
        check_paths([*archived, *written])
    except ModuleError as wrong:
        raise ModuleError(wrong.code, wrong.words, param="files" if table is None else None, remedy=wrong.remedy) from None
    if sum(map(len, archived.values())) > MOST_BYTES:
        raise bad_bundle(f"more than {MOST_BYTES // 1024**2} MB")
    return Bundle(archived | written)


def _archived(table: Table | None) -> dict[str, bytes]:
    """The files of a table.

    Raises:
        ModuleError: `not_files`, or `bad_bundle` for one path of two rows.
    """
    if table is None:
        return {}
    schema = table.frame.schema
    if schema.get(PATH) != pl.String or schema.get(CONTENT) not in (pl.Binary, pl.String):
        words = "The table does not have the columns path (text) and content of files."
        raise ModuleError("not_files", words, port="table", remedy="Connect a dataset that was uploaded as a ZIP archive.")
    rows = table.frame.select(PATH, pl.col(CONTENT).cast(pl.Binary)).drop_nulls(PATH)
    check_paths(rows[PATH].to_list())
    return {path: content or b"" for path, content in rows.iter_rows()}


def _written(files: str) -> dict[str, bytes]:
    before, *parts = HEAD.split(files)
    if before.strip():
        raise ModuleError("bad_bundle", "The first line does not name a file.", param="files", remedy=START)
    paths = parts[0::2]
    if twice := [path for place, path in enumerate(paths) if path in paths[:place]]:
        raise ModuleError("bad_bundle", f"The bundle has the file “{twice[0]}” twice.", param="files", remedy="Rename one of them.")
    return {path: content.removeprefix("\n").encode() for path, content in zip(paths, parts[1::2], strict=True)}
