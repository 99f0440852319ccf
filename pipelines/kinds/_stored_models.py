"""One model of a group as bytes: the archive of a trained model; of trees of numbers their text and arrays."""

from __future__ import annotations

from io import BytesIO

import msgspec

from pipelines.catalogue.ports import DECISION_THRESHOLD, Model
from pipelines.kinds.model import UntrustedType, check_types, load_model, save_model
from pipelines.modelling.by_group.trees import Kept, TreesOfNumbers

ARCHIVE = b"PK"  # how a ZIP archive starts


class Trees(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A model of trees of numbers; what all models of a set have in common is not here."""

    features: list[tuple[str, str]]
    classes: tuple[str, ...] | None
    kept: Kept
    threshold: float | None = None


def model_bytes(model: Model) -> bytes:
    """Return a model as bytes; equal models give equal bytes.

    Raises:
        ModuleError: `cannot_store`, when the estimator holds what a skops archive cannot.
    """
    if isinstance(model.estimator, TreesOfNumbers):
        return msgspec.msgpack.encode(
            Trees(list(model.features), model.classes, model.estimator.kept, model.settings.get(DECISION_THRESHOLD))
        )
    buffer = BytesIO()
    save_model(model, buffer)
    return buffer.getvalue()


def model_of(stored: bytes, name: str, task: str, label: str) -> Model:
    """Return a stored model.

    Raises:
        UntrustedType: When it is none, or contains a type that is not allowed.
    """
    if stored.startswith(ARCHIVE):
        if not isinstance(model := load_model(BytesIO(stored)), Model):
            raise UntrustedType("a trained model is expected")
        return model
    trees = _trees(stored)
    settings = {} if trees.threshold is None else {DECISION_THRESHOLD: trees.threshold}
    return Model(name, task, TreesOfNumbers(trees.kept), label, tuple(trees.features), trees.classes, settings)


def check_stored(stored: bytes) -> None:
    """Check that a stored model has allowed types only, without loading it.

    Raises:
        ModuleError: `untrusted_type`, which lists the other types.
    """
    if stored.startswith(ARCHIVE):
        check_types(BytesIO(stored))
    else:
        _trees(stored)


def _trees(stored: bytes) -> Trees:
    try:
        return msgspec.msgpack.decode(stored, type=Trees)
    except msgspec.MsgspecError as wrong:
        raise UntrustedType("not a model of Easel") from wrong
