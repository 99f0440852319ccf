"""File formats: by file extension, and by the first bytes."""

from __future__ import annotations

from pathlib import Path

from designer.datasets.parsing.errors import Unreadable

ENDINGS = {
    "csv": "csv",
    "txt": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "parquet": "parquet",
    "pq": "parquet",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "jsonl": "json",
    "ndjson": "json",
    "json": "json",
    "arrow": "arrow",
    "feather": "arrow",
    "ipc": "arrow",
    "zip": "zip",
    "tar": "tar",
    "tgz": "tar",
    "tbz2": "tar",
    "txz": "tar",
}
COMPRESSED = (".gz", ".bz2", ".xz")  # as in .tar.gz
TITLES = {
    "csv": "a CSV file",
    "tsv": "a tab-separated file",
    "parquet": "a Parquet file",
    "xlsx": "an Excel workbook",
    "json": "a JSON file",
    "arrow": "an Arrow file",
    "zip": "a ZIP archive",
    "tar": "a TAR archive",
}
READS = "CSV, TSV, Parquet, Excel (.xlsx), JSON lines and Arrow files, and ZIP and TAR archives of any files"
PACKED = {"xlsx", "zip"}  # they begin alike
EMPTY_ZIP = b"PK\x05\x06"
USTAR = slice(257, 262)  # where an archive that is not compressed says what it is
# First bytes of other kinds of file: (bytes, what it is, the format that reads it, the remedy).
SIGNATURES: tuple[tuple[bytes, str, str | None, str], ...] = (
    (
        b"PK\x03\x04",
        "a ZIP archive or an Excel workbook",
        "xlsx",
        "If it is a workbook, rename it to .xlsx; if it is an archive, rename it to .zip.",
    ),
    (b"PAR1", "a Parquet file", "parquet", "Rename it to .parquet and upload it again."),
    (b"ARROW1", "an Arrow file", "arrow", "Rename it to .arrow and upload it again."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel file (.xls), or a workbook with a password",
        None,
        "Open it in a spreadsheet program and save it as .xlsx without a password.",
    ),
    (b"\x1f\x8b", "a gzip-compressed file", "tar", "Unpack it first."),
    (b"BZh", "a bzip2-compressed file", "tar", "Unpack it first."),
    (b"\xfd7zXZ\x00", "an xz-compressed file", "tar", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file", None, "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", None, "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", None, "Unpack it first."),
    (b"%PDF-", "a PDF document", None, "Save its table as CSV or .xlsx."),
    (b"\x89PNG\r\n", "a PNG image", None, f"Upload a table: {READS}."),
    (b"\xff\xd8\xff", "a JPEG image", None, f"Upload a table: {READS}."),
    (b"GIF8", "a GIF image", None, f"Upload a table: {READS}."),
    (b"SQLite format 3\x00", "an SQLite database", None, "Export the table as CSV."),
    (b"\x7fELF", "a program", None, f"Upload a table: {READS}."),
    (b"\x80\x04\x95", "a Python pickle, which is not safe to open", None, "Save the data as CSV or Parquet."),
    (b"\x89HDF\r\n", "an HDF5 file", None, "Save the data as CSV or Parquet."),
    (b"Obj\x01", "an Avro file", None, "Save the data as Parquet."),
)
WEB_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def format_of(file_name: str) -> str:
    """The format of a file name's extension.

    Raises:
        Unreadable: `unknown_format`.
    """
    name = Path(file_name.lower())
    ending = (Path(name.stem) if name.suffix in COMPRESSED and name.stem.endswith(".tar") else name).suffix.removeprefix(".")
    if ending in ENDINGS:
        return ENDINGS[ending]
    what = f"'.{ending[:20]}' files are not supported" if ending else "The file name has no extension"
    remedy = (
        "Unpack it first."
        if ending in ("gz", "bz2", "xz", "zst", "7z", "rar")
        else "Open it in a spreadsheet program and save it as .xlsx."
        if ending in ("xls", "xlsb", "ods", "numbers")
        else "Save the table in one of these formats."
    )
    raise Unreadable("unknown_format", f"{what}. Supported are {READS}.", remedy)


def check_beginning(path: Path, format_: str) -> None:
    """Reject a file whose first bytes belong to another format than its name.

    Raises:
        Unreadable: `empty_file` or `wrong_format`.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise Unreadable("empty_file", "The file is empty.", "Upload a file with a header and rows.")
    own = False
    for signature, what, reads_it, remedy in SIGNATURES:
        if start.startswith(signature):
            if reads_it != format_ and {reads_it, format_} != PACKED:
                raise Unreadable("wrong_format", f"The name says {TITLES[format_]}, but the file is {what}.", remedy)
            own = True
    own |= format_ == "tar" and (start[USTAR] == b"ustar" or not any(start))
    own |= format_ == "zip" and start.startswith(EMPTY_ZIP)
    if format_ in ("parquet", "arrow", "tar", *PACKED) and not own:
        raise Unreadable(
            "wrong_format",
            f"The name says {TITLES[format_]}, but the content is something else.",
            "Check that it is the right file; if it is text, rename it to .csv.",
        )
    if format_ in ("csv", "tsv", "json") and start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(WEB_PAGES):
        raise Unreadable(
            "wrong_format",
            f"The name says {TITLES[format_]}, but the file is a web page or XML.",
            "Download the data itself; the link may lead to a page about it.",
        )
