"""Models to files and back: a skops archive (never pickle) with what Easel knows of the model beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.ports import Model, UntrainedModel

# Beside scikit-learn's estimators and numpy's types, which skops trusts itself; nothing else is ever built from a file.
TRUSTED = ("collections.OrderedDict", "lightgbm.basic.Booster", "lightgbm.sklearn.LGBMClassifier", "lightgbm.sklearn.LGBMRegressor", "numpy.dtype")
ABOUT, SCHEMA = "easel.json", "schema.json"


class Foreign(Exception):
    """A file that is no model of Easel's, or asks for a type that is not allowed."""


def save_model(value: Model | UntrainedModel, path: Path) -> None:
    """Write a model; equal models give equal bytes. A model's report is kept elsewhere and not written."""
    import skops.io

    kind = "model" if isinstance(value, Model) else "untrained_model"
    bare = replace(value, estimator=None, report=None) if isinstance(value, Model) else replace(value, estimator=None)
    members = _steady(skops.io.dumps(value.estimator))
    about = msgspec.json.encode({"kind": kind, "value": {name: held for name, held in vars(bare).items() if held is not None}})
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (*members, (ABOUT, about)):
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED, 1)


def load_model(path: Path) -> Model | UntrainedModel:
    """Read a model that `save_model` wrote.

    Raises:
        Foreign: When the file is something else, or holds a type that is not allowed.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        with ZipFile(path) as archive:
            about = msgspec.json.decode(archive.read(ABOUT))
        estimator = skops.io.load(path, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as wrong:
        raise Foreign(str(wrong)) from wrong
    except (OSError, KeyError, ValueError) as wrong:
        raise Foreign(f"{path.name} is no model of Easel's") from wrong
    facts = about["value"]
    if about["kind"] == "untrained_model":
        return UntrainedModel(estimator=estimator, **facts)
    return Model(estimator=estimator, **facts | {"features": tuple(map(tuple, facts["features"])),
                                                 "classes": tuple(facts["classes"]) if "classes" in facts else None})


def _steady(data: bytes) -> Iterable[tuple[str, bytes]]:
    """The members of a skops archive without what differs from one process to the next: it names objects by their address in memory."""
    with ZipFile(io.BytesIO(data)) as archive:
        text = msgspec.json.encode(msgspec.json.decode(archive.read(SCHEMA))).decode()
        numbers: dict[str, str] = {}
        for address in re.findall(r'"__id__":(\d+)|"file":"(\d+)\.', text):
            numbers.setdefault(next(filter(None, address)), str(len(numbers) + 1))
        text = re.sub(r'("__id__":|"file":")(\d+)', lambda found: found[1] + numbers[found[2]], text)
        yield SCHEMA, text.encode()
        files = {f"{numbers[stem]}.{end}": name for name in archive.namelist() for stem, _, end in [name.partition(".")] if stem in numbers}
        for name in sorted(files, key=lambda name: int(name.partition(".")[0])):
            yield name, archive.read(files[name])


