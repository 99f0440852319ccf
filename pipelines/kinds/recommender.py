"""Trained recommenders: factors of users and items, stored as plain arrays, so that reading a file executes no code."""

from __future__ import annotations

from collections.abc import Mapping
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

ABOUT = "easel.json"
IDS = ("users", "items")
ARRAYS = ("user_biases", "item_biases", "user_factors", "item_factors")
MOST_NUMBERS = 4_000_000  # in one array while predicting


@dataclass(frozen=True, eq=False)
class Recommender:
    """A matrix factorization: the predicted rating is mean + user bias + item bias + user factors · item factors.

    The arrays have one row more than there are users and items: the last one, which the place -1 finds, is that of an unknown one. `bounds` are
    the lowest and the highest rating in training; None where predictions are not ratings.
    """

    name: str
    user_column: str
    item_column: str
    rating_column: str
    users: pl.Series
    items: pl.Series
    user_biases: np.ndarray
    item_biases: np.ndarray
    user_factors: np.ndarray
    item_factors: np.ndarray
    mean: float = 0.0
    bounds: tuple[float, float] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None

    def of_pairs(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return the prediction for each pair of places."""
        found: np.ndarray = self.mean + self.user_biases[users] + self.item_biases[items]
        step = max(1, MOST_NUMBERS // max(1, self.user_factors.shape[1]))
        for start in range(0, len(users), step):
            part = slice(start, start + step)
            found[part] += np.einsum("ij,ij->i", self.user_factors[users[part]], self.item_factors[items[part]])
        return found

    def of_all_items(self, users: np.ndarray) -> np.ndarray:
        """Return the predictions of every known item for the users at these places, a row for each."""
        known = self.item_factors[:-1]
        found: np.ndarray = self.user_factors[users] @ known.T
        found += self.item_biases[:-1] + (self.mean + self.user_biases[users])[:, None]
        return found

    def bounded(self, predictions: np.ndarray) -> np.ndarray:
        """Return predictions within the range of the ratings in training."""
        found: np.ndarray = predictions if self.bounds is None else np.clip(predictions, *self.bounds)
        return found


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a recommender beside its arrays."""

    name: str
    user_column: str
    item_column: str
    rating_column: str
    mean: float
    bounds: tuple[float, float] | None
    settings: dict[str, Any]


def _write(recommender: Recommender, file: Path) -> None:
    """Write an archive; equal recommenders give equal bytes."""
    about = {name: getattr(recommender, name) for name in About.__struct_fields__} | {"settings": dict(recommender.settings)}
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
        for name in IDS:
            write_column(archive, name, getattr(recommender, name))
        write_arrays(archive, ((name, getattr(recommender, name)) for name in ARRAYS))


def _read(file: Path) -> Recommender:
    """Read an archive that anybody may have made.

    Raises:
        ValueError: When the arrays do not belong together.
    """
    with ZipFile(file) as archive:
        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        ids: dict[str, Any] = {name: read_column(archive, name) for name in IDS}
        arrays: dict[str, Any] = {name: read_array(archive, name) for name in ARRAYS}
    users, items = (len(ids[name]) + 1 for name in IDS)
    width = arrays["user_factors"].shape[-1:]
    shapes = {"user_biases": (users,), "item_biases": (items,), "user_factors": (users, *width), "item_factors": (items, *width)}
    if any(array.shape != shapes[name] or array.dtype != np.float64 for name, array in arrays.items()):
        raise ValueError(f"{file.name} is not a recommender: its arrays do not belong together")
    return Recommender(**msgspec.structs.asdict(about), **ids, **arrays)


KIND = FileKind[Recommender](
    types=(Recommender,),
    title="trained recommender",
    icon="M6 0.7 7.6 4.3 11.5 4.7 8.6 7.3 9.4 11.2 6 9.2 2.6 11.2 3.4 7.3 0.5 4.7 4.4 4.3Z",
    colours=("oklch(0.53 0.16 350)", "oklch(0.78 0.12 350)"),
    downloads={"zip": Download("Recommender (NumPy arrays)", "application/zip")},
    write=_write,
    read=_read,
    example="recommendation.train_svd_recommender",
    report=lambda recommender: recommender.report,
    loader=Loader(
        id="recommendation.load_svd_recommender",
        title="Load SVD Recommender",
        icon="user-down",
        when="To recommend with what another pipeline learned from ratings.",
        goes_to="Score SVD Recommender",
    ),
)
