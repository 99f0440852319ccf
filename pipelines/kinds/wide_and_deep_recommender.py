"""Trained wide-and-deep recommenders: a network as plain arrays, so that reading a file executes no code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import msgspec
import numpy as np
import polars as pl

from pipelines.catalogue.kind import Download, FileKind, Loader
from pipelines.catalogue.ports import Report
from pipelines.kinds._arrays import read_array, read_column, write_arrays, write_column
from pipelines.modelling.wide_and_deep import ACTIVATIONS, Network, Side

ABOUT = "easel.json"
IDS = ("users", "items")


class Coding(msgspec.Struct, forbid_unknown_fields=True):
    """How the features of users, or of items, become numbers.

    `features` are columns and their types in training; `numbers` the mean and the deviation of each numeric column; `categories` the values of each
    text column that have an embedding of their own: the last embedding is that of all others.
    """

    features: list[tuple[str, str]] = []
    numbers: dict[str, tuple[float, float]] = {}
    categories: dict[str, list[str]] = {}


@dataclass(frozen=True, eq=False)
class WideAndDeepRecommender:
    """A network that predicts the rating of a pair of user and item, as mean + spread × output.

    `embeddings` are of the categories of user and item features. `bounds` are the lowest and the highest rating in training.
    """

    name: str
    user_column: str
    item_column: str
    rating_column: str
    users: pl.Series
    items: pl.Series
    network: Network
    codings: tuple[Coding, Coding] = (Coding(), Coding())
    embeddings: tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]] = ({}, {})
    mean: float = 0.0
    spread: float = 1.0
    bounds: tuple[float, float] = (0.0, 0.0)
    settings: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None

    def of_pairs(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return the prediction for each pair of places; -1 is the place of an unknown one."""
        return self.mean + self.spread * self.network.of_pairs(users, items)

    def of_all_items(self, users: np.ndarray) -> np.ndarray:
        """Return the predictions of every known item for the users at these places, a row for each."""
        return self.mean + self.spread * self.network.of_all_items(users)

    def bounded(self, predictions: np.ndarray) -> np.ndarray:
        """Return predictions within the range of the ratings in training."""
        found: np.ndarray = np.clip(predictions, *self.bounds)
        return found


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a recommender beside its arrays."""

    name: str
    user_column: str
    item_column: str
    rating_column: str
    mean: float
    spread: float
    bounds: tuple[float, float]
    activation: str
    layers: int
    codings: tuple[Coding, Coding]
    settings: dict[str, Any]


def _arrays(one: WideAndDeepRecommender) -> Iterator[tuple[str, np.ndarray]]:
    """Every array with its name in the file, in the order of the names' places in the network."""
    for name, side in (("user", one.network.users), ("item", one.network.items)):
        yield from ((f"{name}_weights", side.weights), (f"{name}_inputs", side.inputs))
    yield "crossed", one.network.crossed
    for place, (matrix, offset) in enumerate(one.network.layers):
        yield from ((f"layer_{place}", matrix), (f"offset_{place}", offset))
    for name, coding, held in zip(("user", "item"), one.codings, one.embeddings, strict=True):
        yield from ((f"{name}_category_{place}", held[column]) for place, column in enumerate(coding.categories))


def _write(one: WideAndDeepRecommender, file: Path) -> None:
    """Write an archive; equal recommenders give equal bytes."""
    kept = {name: getattr(one, name) for name in About.__struct_fields__ if hasattr(one, name)}
    about = kept | {"settings": dict(one.settings), "activation": one.network.activation, "layers": len(one.network.layers)}
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
        for name in IDS:
            write_column(archive, name, getattr(one, name))
        write_arrays(archive, _arrays(one))


def _read(file: Path) -> WideAndDeepRecommender:
    """Read an archive that anybody may have made.

    Raises:
        ValueError: When the arrays do not belong together.
    """
    with ZipFile(file) as archive:

        def array(name: str) -> np.ndarray:
            held = read_array(archive, name)
            if held.dtype != np.float32:
                raise ValueError(f"{file.name} is not a recommender: {name} has the type {held.dtype}")
            return held

        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        ids: dict[str, Any] = {name: read_column(archive, name) for name in IDS}
        users, items = (Side(array(f"{name}_weights"), array(f"{name}_inputs"), len(ids[f"{name}s"])) for name in ("user", "item"))
        layers = tuple((array(f"layer_{place}"), array(f"offset_{place}")) for place in range(about.layers))
        embeddings = [
            {column: array(f"{name}_category_{place}") for place, column in enumerate(coding.categories)}
            for name, coding in zip(("user", "item"), about.codings, strict=True)
        ]
        network = Network(users, items, array("crossed"), layers, about.activation)
    facts = {name: getattr(about, name) for name in About.__struct_fields__ if name not in ("activation", "layers")}
    one = WideAndDeepRecommender(**facts, **ids, network=network, embeddings=(embeddings[0], embeddings[1]))
    if not _fits(one):
        raise ValueError(f"{file.name} is not a recommender: its arrays do not belong together")
    return one


def _fits(one: WideAndDeepRecommender) -> bool:
    """Whether the shapes of all arrays belong together, so that a prediction cannot fail."""
    network = one.network
    if network.activation not in ACTIVATIONS or not network.layers or network.crossed.ndim != 1:
        return False
    widths = []
    for side, coding, held in zip((network.users, network.items), one.codings, one.embeddings, strict=True):
        if side.inputs.ndim != 2 or side.weights.shape != (side.trained + 1,) or len(side.inputs) != side.trained + 1:
            return False
        if any(held[column].ndim != 2 or len(held[column]) != len(values) + 1 for column, values in coding.categories.items()):
            return False
        widths.append(side.inputs.shape[1])
        if len(coding.numbers) + sum(array.shape[1] for array in held.values()) > widths[-1]:
            return False
    width = sum(widths)
    for matrix, offset in network.layers:
        if matrix.ndim != 2 or matrix.shape[0] != width or offset.shape != matrix.shape[1:]:
            return False
        width = matrix.shape[1]
    return width == 1


KIND = FileKind[WideAndDeepRecommender](
    types=(WideAndDeepRecommender,),
    title="wide and deep recommender",
    icon="M6 0.5 7.4 4.6 11.5 6 7.4 7.4 6 11.5 4.6 7.4 0.5 6 4.6 4.6Z",
    colours=("oklch(0.53 0.15 320)", "oklch(0.78 0.12 320)"),
    output="recommender",
    downloads={"zip": Download("Recommender (NumPy arrays)", "application/zip")},
    write=_write,
    read=_read,
    example="recommendation.train_wide_and_deep_recommender",
    report=lambda recommender: recommender.report,
    loader=Loader(
        id="recommendation.load_wide_and_deep_recommender",
        title="Load Wide and Deep Recommender",
        icon="users-plus",
        when="To recommend with a network that another pipeline trained.",
        goes_to="Score Wide and Deep Recommender",
    ),
)
