"""Files of models as other programs write them, and broken ones."""

from __future__ import annotations

import io
import json
import pickle
import stat
from collections.abc import Mapping
from functools import cache
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import lightgbm
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from pipelines.modelling.skops_io import skops

ROWS = 60
MAKES = ["bmw", "fiat", "opel"]


@cache
def rows() -> Any:
    """A pandas frame of a number, a text and a truth value."""
    draw = np.random.default_rng(0)
    return pd.DataFrame(
        {"power": draw.normal(size=ROWS), "make": [MAKES[at % 3] for at in range(ROWS)], "used": [at % 2 == 0 for at in range(ROWS)]}
    )


def target() -> np.ndarray:
    return np.asarray(rows()["power"] * 2 + rows()["make"].map({"bmw": 3.0, "fiat": 1.0, "opel": 0.0}))


def two_classes() -> list[str]:
    return [["no", "yes"][int(value > 1)] for value in target()]


@cache
def pipeline(classes: bool = True) -> Any:
    """A pipeline of scikit-learn on a pandas frame."""
    columns = ColumnTransformer([("numbers", StandardScaler(), ["power"]), ("texts", OneHotEncoder(handle_unknown="ignore"), ["make"])])
    learner = LogisticRegression() if classes else Ridge()
    return make_pipeline(columns, learner).fit(rows()[["power", "make"]], two_classes() if classes else target())


def skops_of(estimator: Any) -> bytes:
    return bytes(skops.io.dumps(estimator))


def packed(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def mlflow_folder(flavors: str, files: Mapping[str, bytes | str], inputs: Any = None, folder: str = "") -> bytes:
    """An MLflow model folder as a ZIP archive, as MLflow 3 writes MLmodel."""
    signature = f"signature:\n  inputs: {json.dumps(json.dumps(inputs))}\n  outputs: null\n" if inputs is not None else ""
    return packed(
        {f"{folder}MLmodel": f"flavors:\n{flavors}{signature}", **{f"{folder}{name}": content for name, content in files.items()}}
    )


SKLEARN = "  sklearn:\n    pickled_model: model.skops\n    serialization_format: skops\n    sklearn_version: 1.9.1\n"
PICKLED = "  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n  sklearn:\n    pickled_model: model.pkl\n"
INPUTS = [{"type": "double", "name": "power", "required": True}, {"type": "string", "name": "make", "required": True}]


@cache
def lightgbm_text(objective: str = "binary") -> bytes:
    """A LightGBM model of a number and a category of pandas, in its text format."""
    frame = rows()[["power", "make"]].astype({"make": "category"})
    label = (target() > 1).astype(int) if objective == "binary" else target()
    options = {"objective": objective, "verbose": -1, "min_data_in_leaf": 2, "min_data_per_group": 1, "cat_smooth": 0.1, "num_threads": 1}
    booster = lightgbm.train(options, lightgbm.Dataset(frame, label), num_boost_round=5)
    return booster.model_to_string().encode()


def lightgbm_scores() -> np.ndarray:
    frame = rows()[["power", "make"]].astype({"make": "category"})
    return np.asarray(lightgbm.Booster(model_str=lightgbm_text().decode()).predict(frame))


class Evil:
    """A pickle of it would execute code."""

    def __reduce__(self) -> Any:
        return print, ("executed",)


def pickled() -> bytes:
    return pickle.dumps(Evil())


def linked() -> bytes:
    """An archive with a link that leaves it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("MLmodel", "flavors:\n  onnx:\n    data: model.onnx\n")
        entry = ZipInfo("model.onnx")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def bomb() -> bytes:
    """An archive of 21 MB of zeros."""
    return packed({"MLmodel": "flavors: {}", "model.onnx": b"\0" * 21 * 1024**2})


def encrypted() -> bytes:
    """An archive whose first entry says that it has a password."""
    content = bytearray(packed({"MLmodel": "flavors: {}"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("MLmodel", "a")
        archive.writestr("mlmodel", "b")
    return out.getvalue().replace(b"mlmodel", b"MLmodel")


# Uploads that are refused by their first bytes and the directory of the archive: code, file, name.
REFUSED_AT_ONCE: Mapping[str, tuple[str, Any, str]] = {
    "nothing": ("empty_file", lambda: b"", "model.skops"),
    "a pickle": ("pickle_refused", pickled, "model.skops"),
    "a pickle of an old protocol": ("pickle_refused", lambda: pickle.dumps({"a": 1}, 0), "model.pkl"),
    "joblib by its name": ("pickle_refused", lambda: b"\x78\x9c" + b"\0" * 50, "model.joblib"),
    "a checkpoint of PyTorch": ("pickle_refused", lambda: packed({"archive/data.pkl": pickled(), "archive/version": "3"}), "model.pt"),
    "a text": ("unknown_format", lambda: b"hello", "model.txt"),
    "a table": ("unknown_format", lambda: b"a,b\n1,2\n", "table.csv"),
    "an archive of no model": ("unknown_format", lambda: packed({"readme.md": "a"}), "model.zip"),
    "a truncated archive": ("damaged", lambda: packed({"schema.json": "{}" * 200})[:100], "model.skops"),
    "an archive of two models": ("several_models", lambda: packed({"a/MLmodel": "", "b/MLmodel": ""}), "models.zip"),
    "a path that leaves the archive": ("outside_archive", lambda: packed({"MLmodel": "", "../../etc/cron.d/x": "a"}), "model.zip"),
    "an absolute path": ("outside_archive", lambda: packed({"MLmodel": "", "/etc/passwd": "a"}), "model.zip"),
    "a path of Windows": ("outside_archive", lambda: packed({"MLmodel": "", "a\\..\\..\\x": "a"}), "model.zip"),
    "a link": ("not_a_file", linked, "model.zip"),
    "a bomb": ("too_large", bomb, "model.zip"),
    "many files": ("too_large", lambda: packed({str(at): "" for at in range(5_001)}), "model.zip"),
    "a password": ("encrypted", encrypted, "model.zip"),
    "an entry that occurs twice": ("duplicate_entry", twice, "model.zip"),
}
