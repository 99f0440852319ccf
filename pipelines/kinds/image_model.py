"""Trained image models: a network with its weights, its classes, and how images were prepared; reading a file executes no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.kind import Download, FileKind, Loader
from pipelines.catalogue.ports import Report
from pipelines.kinds.image_network import COLOURS, ImageNetwork, read_network, write_network
from pipelines.modelling.images.recipe import Recipe, checked

TRAINED = "trained.json"


@dataclass(frozen=True, eq=False)
class ImageModel:
    """A network that was trained to tell classes of images apart.

    `classes` are in the order of the network's outputs. `recipe` is what was done to the training images, and `size` the height and width that the
    network then saw.
    """

    network: ImageNetwork
    classes: tuple[str, ...]
    recipe: Recipe
    size: tuple[int, int]
    settings: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None


class Trained(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a trained model beside its network."""

    classes: tuple[str, ...]
    steps: list[dict[str, Any]]
    size: tuple[int, int]
    settings: dict[str, Any]


def _write(model: ImageModel, file: Path) -> None:
    """Write an archive; equal models give equal bytes."""
    trained = Trained(model.classes, [dict(step) for step in model.recipe.steps], model.size, dict(model.settings))
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo(TRAINED), msgspec.json.encode(trained))
        write_network(model.network, archive)


def _read(file: Path) -> ImageModel:
    """Read an archive that anybody may have made.

    Raises:
        ValueError: When it has operations that are unknown.
    """
    with ZipFile(file) as archive:
        trained = msgspec.json.decode(archive.read(TRAINED), type=Trained)
        network = read_network(archive)
    steps = checked(trained.steps)
    if steps is None:
        raise ValueError(f"{file.name} has operations that are unknown")
    return ImageModel(network, trained.classes, Recipe(steps), trained.size, trained.settings)


KIND = FileKind[ImageModel](
    types=(ImageModel,),
    title="trained image model",
    icon="M6 0.6 10.7 3.3v5.4L6 11.4 1.3 8.7V3.3Z",
    colours=COLOURS,
    downloads={"zip": Download("Image model (NumPy arrays)", "application/zip")},
    output="model",
    write=_write,
    read=_read,
    example="vision.train_pytorch_model",
    report=lambda model: model.report,
    loader=Loader(
        id="vision.load_image_model",
        title="Load Image Model",
        icon="photo-down",
        when="To score new images with a network that another pipeline trained.",
        goes_to="Score Image Model",
        aliases=("saved model", "registered model", "import model", "vision"),
    ),
)
