"""What an uploaded file is, by its first bytes and the directory of an archive. Nothing of its content is loaded."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile, ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.errors import ModuleError

MOST_BYTES = 256 * 1024**2  # of a file
MOST_UNPACKED, MOST_FILES = 1024**3, 5_000
MOST_RATIO, FREE_BYTES = 100, 20 * 1024**2  # of what an archive unpacks to, beyond what any may
TAKEN = "skops, ONNX, LightGBM text (.txt), XGBoost (.json, .ubj) and MLflow model folders as ZIP archives"
PICKLES = (".pkl", ".pickle", ".joblib", ".sav", ".dill", ".pt", ".pth", ".bin")
PICKLE = re.compile(rb"\x80[\x02-\x05]")  # the start of a pickle of protocol 2 to 5
# An ONNX file starts with its version, a small number, and goes on with a text or a number: fields 1 and 2 to 9 of ModelProto.
ONNX = re.compile(rb"\x08[\x01-\x20][\x12\x1a\x22\x28\x32\x3a\x42]")
ENCRYPTED = 1
Format = Literal["skops", "mlflow", "onnx", "lightgbm", "xgboost"]


class Upload(msgspec.Struct, frozen=True):
    """A file that is read as a model: its format, and the folder of the archive that holds the model, with a slash at its end."""

    format: Format
    folder: str = ""


def identify(file: Path, name: str) -> Upload:
    """Return what a file is.

    Args:
        file: The file.
        name: Its name where it comes from, which is a label: it decides nothing but words.

    Raises:
        ModuleError: When it is none of the formats that are read, or an archive that is damaged or dangerous; with the place.
    """
    size = file.stat().st_size
    if size == 0:
        raise ModuleError("empty_file", f"“{_shown(name)}” is empty.", remedy="Export the model again.")
    if size > MOST_BYTES:
        words = f"“{_shown(name)}” has {size:,} bytes; a model may have {MOST_BYTES:,}."
        raise ModuleError("too_large", words, remedy="Train a smaller model, for example with fewer trees.")
    with file.open("rb") as opened:
        start = opened.read(4096)
    if start.startswith(b"PK"):
        return _archive(file, name)
    if start.startswith(b"tree\n"):
        return Upload("lightgbm")
    if start.lstrip()[:1] == b"{" and (b"learner" in start or b"version" in start):
        return Upload("xgboost")
    if ONNX.match(start):
        return Upload("onnx")
    raise _unknown(start, name)


def _unknown(start: bytes, name: str) -> ModuleError:
    if PICKLE.match(start) or name.lower().endswith(PICKLES):
        return pickled(name)
    words = f"“{_shown(name)}” is none of the files that are read as models."
    return ModuleError("unknown_format", words, remedy=f"Upload one of these: {TAKEN}.")


def pickled(name: str) -> ModuleError:
    """Return the refusal of a pickle."""
    return ModuleError(
        "pickle_refused",
        f"“{_shown(name)}” is a pickle or joblib file, which executes code when it is read. It is never read.",
        remedy="Save the model with skops.io.dump(model, 'model.skops'), with MLflow's serialization_format='skops', or as ONNX.",
    )


def _archive(file: Path, name: str) -> Upload:
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as wrong:
        words = f"“{_shown(name)}” is a ZIP archive that is damaged or incomplete."
        raise ModuleError("damaged", words, remedy="Create it again, or download it again.") from wrong
    _check_entries(entries, file.stat().st_size)
    names = {entry.filename for entry in entries if not entry.is_dir()}
    if "schema.json" in names:
        return Upload("skops")
    folders = sorted(each.removesuffix("MLmodel") for each in names if each.rpartition("/")[2] == "MLmodel" and each.count("/") <= 1)
    if len(folders) == 1:
        return Upload("mlflow", folders[0])
    if len(folders) > 1:
        words = f"The archive has {len(folders)} model folders: {', '.join(folders)[:200]}."
        raise ModuleError("several_models", words, remedy="Upload an archive for each.")
    if any(each.endswith(("/data.pkl", *PICKLES)) or each == "data.pkl" for each in names):
        raise pickled(name)
    words = (
        f"“{_shown(name)}” is a ZIP archive without MLmodel, which an MLflow folder has, and without schema.json, which a skops file has."
    )
    raise ModuleError("unknown_format", words, remedy="Pack the folder that has MLmodel: zip -r model.zip FOLDER.")


def _check_entries(entries: Sequence[ZipInfo], packed: int) -> None:
    """Check the directory of an archive.

    Raises:
        ModuleError: Naming the entry.
    """
    if len(entries) > MOST_FILES:
        words = f"The archive has {len(entries):,} files; the maximum is {MOST_FILES:,}."
        raise ModuleError("too_large", words, remedy="Pack the model alone.")
    seen: set[str] = set()
    for entry in entries:
        place = f"The archive's entry “{_shown(entry.filename)}”"
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise ModuleError("outside_archive", f"{place} lies outside the archive.", remedy="Create the archive again from the folder.")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ModuleError("not_a_file", f"{place} is a link or a device.", remedy="Create the archive with copies of the files.")
        if entry.flag_bits & ENCRYPTED:
            raise ModuleError("encrypted", f"{place} is password-protected.", remedy="Create the archive without a password.")
        if entry.filename in seen:
            raise ModuleError("duplicate_entry", f"{place} occurs twice.", remedy="Create the archive again.")
        seen.add(entry.filename)
    size = sum(entry.file_size for entry in entries)
    if size > MOST_UNPACKED or (size > FREE_BYTES and size > MOST_RATIO * packed):
        words = f"The archive has {packed:,} bytes but would unpack to {size:,}."
        raise ModuleError("too_large", words, remedy="Pack the model alone.")


def _shown(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[-100:]
