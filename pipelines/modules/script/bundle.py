"""Script Bundle: files that several scripts share."""

from __future__ import annotations

import re
from typing import Annotated

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.kinds.bundle import Bundle, check_paths

HEAD = re.compile(r"^=== *(.+?) *===$", re.MULTILINE)
BEGINNING = """\
=== helpers.py ===
def double(x):
    return 2 * x
"""


@module("Script Bundle", icon="file-zip", aliases=("zip", "library", "shared code", "helpers", "functions", "import"))
def bundle(*, files: Annotated[str, Code("python")] = BEGINNING) -> Bundle:
    """Write files that several scripts share: functions, classes, or small tables.

    Connect it to the input Bundle of Execute Python Script, where "import helpers" finds helpers.py, and "easel.bundle" is the folder of the files; or of
    Execute R Script, where they are in the working directory, so that source("helpers.R") finds them.

    Args:
        files: The files: a line such as "=== folder/helpers.py ===" starts each, and its content follows.

    Returns:
        The files as a ZIP archive.
    """
    before, *parts = HEAD.split(files)
    if before.strip() or not parts:
        raise ModuleError(
            "bad_bundle",
            "The first line does not name a file.",
            param="files",
            remedy="Start each file with a line such as “=== helpers.py ===”.",
        )
    paths = parts[0::2]
    try:
        check_paths(paths)
    except ModuleError as wrong:
        raise ModuleError(wrong.code, wrong.words, param="files", remedy=wrong.remedy) from None
    return Bundle({path: content.removeprefix("\n").encode() for path, content in zip(paths, parts[1::2], strict=True)})
