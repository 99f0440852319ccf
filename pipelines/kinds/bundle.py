"""Script bundles: files of code and data that scripts import or read, as a ZIP archive."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import Download, FileKind

MOST_FILES = 1000
MOST_BYTES = 64 * 1024**2  # of all files together, unpacked
LONGEST_PATH = 240


@dataclass(frozen=True)
class Bundle:
    """Files by their paths, with slashes and within the bundle."""

    files: Mapping[str, bytes]

    def unpack(self, folder: Path) -> None:
        """Write the files below a folder.

        Raises:
            ModuleError: `bad_bundle`, for a path that is none.
        """
        check_paths(list(self.files))
        for path, content in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def check_paths(paths: list[str]) -> None:
    """Check that paths stay within the bundle, and that no two are the same file or a file and its folder.

    Raises:
        ModuleError: `bad_bundle`, with the path.
    """
    if len(paths) > MOST_FILES:
        raise bad_bundle(f"{len(paths):,} files; at most {MOST_FILES:,} are allowed")
    for path in paths:
        parts = path.split("/")
        if not path or len(path) > LONGEST_PATH or any(part in ("", ".", "..") or part.strip() != part for part in parts):
            raise bad_bundle(f"the path “{path[:80]}”, which does not stay within it")
        if "\\" in path or ":" in parts[0] or not path.isprintable():
            raise bad_bundle(f"the path “{path[:80]!r}”, which is not one on every system")
    known = set(paths)
    if len(known) < len(paths):
        raise bad_bundle(f"the file “{next(path for path in paths if paths.count(path) > 1)}” twice")
    for path in paths:
        if folder := next((str(parent) for parent in PurePosixPath(path).parents if str(parent) in known), None):
            raise bad_bundle(f"“{folder}” as a file and as a folder")


def bad_bundle(what: str) -> ModuleError:
    """Return the error of a bundle that holds something it must not."""
    return ModuleError("bad_bundle", f"The bundle has {what}.", remedy="Use relative paths with slashes, plain files, and at most 64 MB.")


def _write(bundle: Bundle, file: Path) -> None:
    """Write an archive; equal bundles give equal bytes."""
    check_paths(list(bundle.files))
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for path in sorted(bundle.files):
            archive.writestr(ZipInfo(path), bundle.files[path], ZIP_DEFLATED)


def read_bundle(file: Path) -> Bundle:
    """Read an archive that anybody may have made: its directory may lie about sizes, and its entries may be links.

    Raises:
        ModuleError: `bad_bundle`, with the reason.
    """
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            check_paths([entry.filename for entry in entries])
            for entry in entries:
                if entry.flag_bits & 1:
                    raise bad_bundle(f"the encrypted file “{entry.filename}”")
                if (mode := entry.external_attr >> 16) and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    raise bad_bundle(f"“{entry.filename}”, which is a link or a device, not a file")
                with archive.open(entry) as opened:
                    files[entry.filename] = opened.read(left + 1)  # not what the directory claims
                left -= len(files[entry.filename])
                if left < 0:
                    raise bad_bundle(f"more than {MOST_BYTES // 1024**2} MB when unpacked")
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as wrong:
        raise bad_bundle(f"a fault: {wrong or 'it is not a ZIP archive'}") from wrong
    return Bundle(files)


KIND = FileKind[Bundle](
    types=(Bundle,),
    title="script bundle",
    icon="M1.5 1h9v3h-9ZM2.2 5h7.6v6H2.2Z",
    colours=("oklch(0.53 0.1 200)", "oklch(0.79 0.09 200)"),
    downloads={"zip": Download("ZIP archive", "application/zip")},
    write=_write,
    read=read_bundle,
)
