"""Trained recommenders: what is written comes back, and no other file is read."""

import io
import pickle
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.recommender import ARRAYS, KIND, Recommender

KNOWN = Recommender(
    "R", "who", "make", "stars", pl.Series("users", ["Ada", "Dörte"]), pl.Series("items", [1, 2, 3]),
    np.array([0.1, 0.2, 0.0]), np.array([1.0, 2.0, 3.0, 0.0]), np.arange(6.0).reshape(3, 2), np.arange(8.0).reshape(4, 2),
    3.5, (1.0, 5.0), {"factors": 2},
)  # fmt: skip


def test_it_comes_back_and_equal_ones_are_equal_bytes(tmp_path):
    KIND.write(KNOWN, tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(back, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert all(np.array_equal(getattr(back, name), getattr(KNOWN, name)) for name in ARRAYS)
    assert back.users.equals(KNOWN.users) and back.items.equals(KNOWN.items)
    assert (back.name, back.mean, back.bounds, back.settings) == ("R", 3.5, (1.0, 5.0), {"factors": 2})


def test_predictions_of_pairs_are_those_of_the_matrix():
    users, items = np.array([0, 1, -1]), np.array([2, 0, -1])
    every = 3.5 + KNOWN.user_biases[:, None] + KNOWN.item_biases + KNOWN.user_factors @ KNOWN.item_factors.T
    assert np.allclose(KNOWN.of_pairs(users, items), every[users, items])
    assert np.allclose(KNOWN.of_all_items(users), every[users][:, :-1])
    assert KNOWN.bounded(np.array([0.0, 9.0])).tolist() == [1, 5] and replace(KNOWN, bounds=None).bounded(np.array([9.0])) == [9]


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_that_do_not_belong_together_are_refused(name, tmp_path):
    KIND.write(replace(KNOWN, **{name: np.zeros((2, 2))}), tmp_path / "bad")
    with pytest.raises(ValueError, match="do not belong together"):
        KIND.read(tmp_path / "bad")


def test_a_pickle_in_it_is_never_loaded(tmp_path):
    KIND.write(KNOWN, tmp_path / "good")
    held = io.BytesIO()
    np.lib.format.write_array(held, np.array([print], dtype=object), allow_pickle=True)
    with ZipFile(tmp_path / "good") as good, ZipFile(tmp_path / "bad", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, held.getvalue() if name == "user_biases.npy" else good.read(name))
    with pytest.raises(ValueError, match="allow_pickle"):
        KIND.read(tmp_path / "bad")
    (tmp_path / "worse").write_bytes(pickle.dumps(print))
    with pytest.raises(Exception, match="zip"):
        KIND.read(tmp_path / "worse")
