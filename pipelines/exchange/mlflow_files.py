"""MLflow model folders in archives: the file that holds the model, its signature and its example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import yaml

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Feature, InputType
from pipelines.exchange.upload import Upload, identify, pickled

MOST_TEXT = 4 * 1024**2
OWN = "easel_model"  # the code of the folders that Easel writes
FLAVORS = ("python_function", "sklearn", "lightgbm", "xgboost", "onnx")
TYPES: dict[str, InputType] = {
    "double": "number",
    "float": "number",
    "long": "integer",
    "integer": "integer",
    "string": "text",
    "boolean": "boolean",
}
REMEDY = "Save it with mlflow.sklearn (serialization_format='skops'), mlflow.lightgbm or mlflow.xgboost of a booster, or mlflow.onnx."


class Folder(msgspec.Struct):
    """What a folder has: the file of the model, where it was put, its inputs in order, and one row."""

    file: Path
    upload: Upload
    features: tuple[Feature, ...] = ()
    example: Mapping[str, Any] | None = None


def read_folder(archive: Path, folder: str, into: Path) -> Folder:
    """Return what an MLflow model folder has; the model's file is unpacked to `into`.

    Raises:
        ModuleError: When it has no flavour that is read, or only a pickle; with the file.
    """
    with ZipFile(archive) as packed:
        about = _about(packed, folder)
        name, features = _file(about["flavors"]), _features(about)
        try:
            content = packed.read(folder + name)
        except KeyError:
            words = f"MLmodel names the file “{name[:100]}”, which is not in the archive."
            raise ModuleError("missing_file", words, remedy="Pack the whole folder.") from None
        (into / "model").write_bytes(content)
        example = _example(packed, folder, about)
    upload = identify(into / "model", name)
    if upload.format == "mlflow":
        raise ModuleError("unknown_format", f"“{name[:100]}” in the folder is an archive itself.", remedy=REMEDY)
    return Folder(into / "model", upload, features, example)


def _about(packed: ZipFile, folder: str) -> dict[str, Any]:
    entry = packed.getinfo(f"{folder}MLmodel")
    try:
        if entry.file_size > MOST_TEXT:
            raise ValueError("too long")
        found = yaml.safe_load(packed.read(entry))
        if not isinstance(found["flavors"], dict):
            raise TypeError("flavors")
    except (yaml.YAMLError, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise ModuleError(
            "damaged", "The file MLmodel of the archive cannot be read.", remedy="Save the model with MLflow again."
        ) from wrong
    return dict(found)


def _file(flavors: Mapping[str, Any]) -> str:
    """The file of the first flavour that is read."""
    known: dict[str, Mapping[str, Any]] = {name: flavor for name, flavor in flavors.items() if isinstance(flavor, dict)}
    python = known.get("python_function", {})
    files = [python.get("data")] if python.get("loader_module") == OWN else []
    files += [known.get(name, {}).get("data") for name in ("onnx", "lightgbm", "xgboost")]
    files += [known.get("sklearn", {}).get("pickled_model")]
    named = [file for file in files if file and isinstance(file, str)]  # the words of nested aliases of YAML could fill the memory
    if not named:
        words = f"The MLflow folder has the flavours {', '.join(map(str, flavors))[:200]}; read are {', '.join(FLAVORS[1:])}, and folders of Easel."
        raise ModuleError("unknown_format", words, remedy=REMEDY)
    safe = next((file for file in named if not file.endswith((".pkl", ".pickle", ".joblib"))), None)
    if safe is None:
        raise pickled(named[0])
    return safe


def _features(about: Mapping[str, Any]) -> tuple[Feature, ...]:
    """The inputs of the signature; none where it has tensors, which have no names.

    Raises:
        ModuleError: `wrong_signature` for a type that is not read.
    """
    try:
        columns = json.loads(about["signature"]["inputs"])
    except (KeyError, TypeError, ValueError):
        return ()
    found = []
    for column in columns if isinstance(columns, list) else ():
        if not isinstance(column, dict) or "name" not in column or column.get("type") == "tensor":
            return ()
        if (type_ := TYPES.get(str(column.get("type")))) is None:
            words = f"The input “{column['name']}” of the signature is a {str(column.get('type'))[:40]}, which is not read."
            remedy = "Give the model numbers, texts and truth values; make columns of dates before it, with Date Parts."
            raise ModuleError("wrong_signature", words, column=str(column["name"]), remedy=remedy)
        found.append(Feature(str(column["name"]), type_))
    return tuple(found)


def _example(packed: ZipFile, folder: str, about: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first row of the example, in the forms of MLflow."""
    info = about.get("saved_input_example_info")
    path = info.get("artifact_path") if isinstance(info, dict) else None
    names = [path if isinstance(path, str) else "", "serving_input_example.json", "input_example.json"]
    for name in names:
        try:
            entry = packed.getinfo(folder + name)
            found = json.loads(packed.read(entry)) if entry.file_size <= MOST_TEXT else None
            found = found.get("dataframe_split", found) if isinstance(found, dict) else found
            if isinstance(found, dict) and "dataframe_records" in found:
                found = found["dataframe_records"]
            if isinstance(found, dict) and {"columns", "data"} <= found.keys():
                return dict(zip(map(str, found["columns"]), found["data"][0], strict=True))
            if isinstance(found, list) and found and isinstance(found[0], dict):
                return found[0]
        except (KeyError, IndexError, TypeError, ValueError):
            continue
    return None
