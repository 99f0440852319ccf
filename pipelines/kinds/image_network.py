"""Untrained image models: the architecture of a network, and the arrays that it starts from, stored so that reading executes no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import msgspec
import numpy as np

from pipelines.catalogue.kind import FileKind
from pipelines.kinds._arrays import array_names, read_array, write_arrays

ABOUT = "easel.json"
COLOURS = ("oklch(0.54 0.14 300)", "oklch(0.78 0.11 300)")
DTYPES = ("float32", "int64")  # weights, and counters of batches


@dataclass(frozen=True, eq=False)
class ImageNetwork:
    """A network that classifies images.

    `architecture` is a name that `pipelines.modules.vision` knows, `options` are its settings. `arrays` are weights by their names in the
    network; those that are not there start at random.
    """

    name: str
    architecture: str
    options: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a network beside its arrays."""

    name: str
    architecture: str
    options: dict[str, Any]


def write_network(network: ImageNetwork, archive: ZipFile) -> None:
    """Write a network into an archive; equal networks give equal bytes."""
    about = {"name": network.name, "architecture": network.architecture, "options": dict(network.options)}
    archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
    write_arrays(archive, sorted(network.arrays.items()))


def read_network(archive: ZipFile) -> ImageNetwork:
    """Read a network from an archive that anybody may have made.

    Raises:
        ValueError: When an array is of a type that weights do not have.
    """
    about = msgspec.json.decode(archive.read(ABOUT), type=About)
    arrays = {name: read_array(archive, name) for name in array_names(archive)}
    if strange := [name for name, array in arrays.items() if array.dtype.name not in DTYPES]:
        raise ValueError(f"“{strange[0]}” holds no weights, but {arrays[strange[0]].dtype}")
    return ImageNetwork(about.name, about.architecture, about.options, arrays)


def _write(network: ImageNetwork, file: Path) -> None:
    with ZipFile(file, "w") as archive:
        write_network(network, archive)


def _read(file: Path) -> ImageNetwork:
    with ZipFile(file) as archive:
        return read_network(archive)


KIND = FileKind[ImageNetwork](
    types=(ImageNetwork,),
    title="untrained image model",
    icon="M6 0.6 10.7 3.3v5.4L6 11.4 1.3 8.7V3.3Z",
    hollow=True,
    colours=COLOURS,
    output="network",
    write=_write,
    read=_read,
    example="vision.small_convolutional_network",
    shown_in="vision.score_image_model",
)
