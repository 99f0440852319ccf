"""Models of Vowpal Wabbit: its own file, and what it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipelines.catalogue.kind import FileKind, Loader


@dataclass(frozen=True)
class VowpalWabbitModel:
    """A trained model of Vowpal Wabbit.

    `data` is the file that it writes, `arguments` its command line without files. The rest is as in Model.
    """

    data: bytes
    arguments: tuple[str, ...]
    task: str
    label: str
    features: tuple[tuple[str, str], ...]
    classes: tuple[str, ...] | None
    words: bool


def _write(model: VowpalWabbitModel, file: Path) -> None:
    file.write_bytes(msgspec.msgpack.encode(model))


def _read(file: Path) -> VowpalWabbitModel:
    return msgspec.msgpack.decode(file.read_bytes(), type=VowpalWabbitModel)


KIND = FileKind[VowpalWabbitModel](
    types=(VowpalWabbitModel,),
    title="Vowpal Wabbit model",
    example="text.train_vowpal_wabbit_model",
    icon="M6 1 11 10.5H1Z",
    colours=("oklch(0.52 0.13 25)", "oklch(0.77 0.11 25)"),
    output="model",
    write=_write,
    read=_read,
    loader=Loader(
        id="text.load_vowpal_wabbit_model",
        title="Load Vowpal Wabbit Model",
        icon="file-import",
        when="To score new rows with a model that another pipeline trained, or to train it further.",
        goes_to="Score Vowpal Wabbit Model or Train Vowpal Wabbit Model",
    ),
)
