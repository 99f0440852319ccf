"""MLflow model folders: a trained model with plain code that predicts as Score Model does, and needs no Easel.

The code that makes features is Easel's own, copied from its source, so that there are not two of it. The estimator is the stored skops archive.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pipelines.catalogue import columns, phrases
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model
from pipelines.modelling import features
from pipelines.modelling.families import families
from pipelines.serving.signature import Column, Signature

CODE = Path(__file__).with_name("plain")
# The functions that are copied, in the order in which they use each other.
COPIED = (
    columns.kind_of,
    phrases.class_text,
    features.kind_named,
    features.calendar_columns,
    features._strange,
    features._days,
    features._feature,
    features.feature_frame,
)
TASKS = ("regression", "two_class", "multi_class")
TYPES = {"integer": "long", "number": "double", "text": "string", "boolean": "boolean", "date": "datetime", "datetime": "datetime"}
OWN_CODE = re.compile(rb'"__module__":\s*"(pipelines\.[\w.]+)"')
PANDAS = ("pandas", "pyarrow")  # polars reads texts of pandas frames with pyarrow, which mlflow-skinny does not bring
LIBRARIES = ("polars", "numpy", "scikit-learn", "skops", "scipy", "lightgbm", "xgboost", "catboost")


def write_folder(model: Model, archive: Path, signature: Signature | None, versions: Mapping[str, str], out: Path, created: str) -> None:
    """Write an MLflow model folder as a ZIP archive.

    Args:
        model: The facts of the model; its estimator is not needed.
        archive: The stored skops archive.
        signature: Inputs and outputs; without one MLflow checks no columns.
        versions: The versions of libraries, for the requirements.
        out: The file to write.
        created: When the version was registered, as MLflow writes it: UTC, with microseconds.

    Raises:
        ModuleError: `not_exported`, when the model is of a task or holds code that plain code cannot do.
    """
    check_exportable(model, archive)
    needed = [f"{name}=={versions[name]}" for name in LIBRARIES if name in versions]
    files = {
        "MLmodel": _mlmodel(signature, created, versions["python"], classes=model.classes is not None),
        "requirements.txt": "\n".join([*needed, *PANDAS, ""]),
        "python_env.yaml": f"python: {versions['python']}\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n",
        "code/easel_model.py": plain_code(_whole_categories(model, signature)),
    }
    if signature is not None:
        files["serving_input_example.json"] = json.dumps({"dataframe_records": [signature.example]}, indent=1)
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(name, text)
        folder.write(archive, "model.skops")


def check_exportable(model: Model, archive: Path) -> None:
    """Check that plain code can do what a model does.

    Raises:
        ModuleError: `not_exported`, with what it cannot do.
    """
    remedy = "Download it as skops, which Easel loads."
    if model.task not in TASKS:
        words = f"Models of the task {model.task.replace('_', ' ')} have no MLflow folder: only models that predict a number or a class have one."
        raise ModuleError("not_exported", words, remedy=remedy)
    with ZipFile(archive) as stored:
        own = sorted({found.decode() for found in OWN_CODE.findall(stored.read("schema.json"))})
    if own:
        words = f"{model.name} computes with code of Easel ({', '.join(own)}), which an MLflow folder does not have."
        raise ModuleError("not_exported", words, remedy=remedy)


def _whole_categories(model: Model, signature: Signature | None) -> list[str]:
    """Return the features that are learned by their categories, which are whole numbers: pandas has floats where one is missing."""
    categories = {name for name, kind in model.features if kind == features.CATEGORY}
    return [column.name for column in (signature.inputs if signature else ()) if column.type == "integer" and column.name in categories]


def plain_code(whole: Sequence[str]) -> str:
    """Return the code of the folder: a head, Easel's functions for features as they are, and the model; `whole` are categories of whole numbers."""
    copied = "\n\n\n".join(inspect.getsource(function).rstrip() for function in COPIED)
    copied = re.sub(r"\) -> ColumnKind:", ") -> str:", copied)
    head, foot = ((CODE / name).read_text(encoding="utf-8").rstrip() for name in ("head.txt", "foot.txt"))
    allowed = ",\n".join(f"    {type_!r}" for type_ in sorted({type_ for family in families().values() for type_ in family.trusted}))
    head = head.replace("    TYPES", allowed).replace("NAMES", json.dumps(whole))
    return f"{head}\n\n\n{copied}\n\n\n{foot}\n"


def _mlmodel(signature: Signature | None, created: str, python: str, *, classes: bool) -> str:
    """The file MLmodel; quoted texts are JSON, which YAML reads as it is."""
    lines = [
        "flavors:",
        "  python_function:",
        "    code: code",
        "    data: model.skops",
        "    env:",
        "      virtualenv: python_env.yaml",
        "    loader_module: easel_model",
        f"    python_version: {python}",
        f"utc_time_created: {json.dumps(created)}",
    ]
    if signature is not None:
        given = [
            {**each, "type": "string"} if classes and each["name"] == features.LABELS else each for each in _columns(signature.outputs)
        ]
        inputs, outputs = (json.dumps(json.dumps(each)) for each in (_columns(signature.inputs), given))
        lines += ["signature:", f"  inputs: {inputs}", f"  outputs: {outputs}", "  params: null"]
    return "\n".join([*lines, ""])


def _columns(found: Sequence[Column]) -> list[dict[str, object]]:
    """Columns as MLflow names types. A nullable integer is a double, since pandas has no other for it."""
    return [
        {
            "type": "double" if column.type == "integer" and column.nullable else TYPES.get(column.type, "string"),
            "name": column.name,
            "required": not column.nullable,
        }
        for column in found
    ]
