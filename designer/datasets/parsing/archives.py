"""Checks of Excel workbooks: the unpacked size, from the ZIP directory, before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import ARCHIVE_BYTES, ARCHIVE_FILES, ARCHIVE_FREE_BYTES, ARCHIVE_RATIO

DAMAGED = "Open it in a spreadsheet program and save it again as .xlsx; if it was downloaded, download it again."


def check_workbook(path: Path) -> None:
    """Reject an archive that is damaged, not a workbook, encrypted, or too large when unpacked.

    Raises:
        Unreadable: `damaged`, `wrong_format`, `encrypted` or `too_large`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as wrong:
        raise Unreadable("damaged", "The Excel workbook is damaged or incomplete.", DAMAGED) from wrong
    names = {file.filename for file in files}
    if "xl/workbook.xml" not in names:
        binary = "xl/workbook.bin" in names
        raise Unreadable(
            "wrong_format",
            "The file is a binary workbook (.xlsb)." if binary else "The file is a ZIP archive, not an Excel workbook.",
            "Save it as .xlsx." if binary else "Unpack it, and upload the table that it contains.",
        )
    if any(file.flag_bits & 1 for file in files):
        raise Unreadable("encrypted", "The Excel workbook is password-protected.", "Save it without a password, and upload it again.")
    if len(files) > ARCHIVE_FILES:
        raise Unreadable(
            "too_large", f"The workbook contains {len(files):,} files; the maximum is {ARCHIVE_FILES:,}.", "Save the sheet as CSV."
        )
    size = sum(file.file_size for file in files)
    if size > ARCHIVE_BYTES or (size > ARCHIVE_FREE_BYTES and size > ARCHIVE_RATIO * path.stat().st_size):
        raise Unreadable(
            "too_large",
            f"The workbook is {path.stat().st_size:,} bytes but would unpack to {size:,}.",
            "Save the table as CSV or Parquet.",
        )
