"""Wide and deep recommenders: what is written comes back, and no other file is read."""

import io
import json
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest

from pipelines.kinds.wide_and_deep_recommender import KIND
from tests.pipelines.modules.recommendation.rating import made

USERS, ITEMS = np.array([0, 3, -1]), np.array([2, 0, -1])


def changed(tmp_path, name, content):
    """A file of which one member was changed."""
    KIND.write(made(), tmp_path / "good")
    with ZipFile(tmp_path / "good") as good, ZipFile(tmp_path / "bad", "w") as bad:
        for each in good.namelist():
            bad.writestr(each, content if each == name else good.read(each))
    return tmp_path / "bad"


def stored(array, **options):
    held = io.BytesIO()
    np.lib.format.write_array(held, array, **options)
    return held.getvalue()


def test_it_comes_back_and_equal_ones_are_equal_bytes(tmp_path):
    KIND.write(made(), tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(back, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert np.array_equal(back.of_pairs(USERS, ITEMS), made().of_pairs(USERS, ITEMS))
    assert back.users.equals(made().users) and back.items.equals(made().items) and back.codings == made().codings
    assert (back.mean, back.spread, back.bounds, back.settings) == (3.0, 0.5, (1.0, 5.0), {"epochs": 1})
    assert np.array_equal(back.embeddings[1]["land"], made().embeddings[1]["land"])


def test_a_prediction_is_on_the_scale_of_the_ratings():
    one = made()
    assert np.allclose(one.of_pairs(USERS, ITEMS), 3 + 0.5 * one.network.of_pairs(USERS, ITEMS))
    assert np.allclose(one.of_all_items(USERS)[[0, 1], [2, 0]], one.of_pairs(USERS, ITEMS)[:2])
    assert one.bounded(np.array([0.0, 9.0])).tolist() == [1, 5]


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("user_weights", np.zeros(4)), ("item_inputs", np.zeros((5, 7))), ("crossed", np.zeros((2, 2))), ("layer_0", np.zeros((8, 7))),
        ("offset_0", np.zeros(6)), ("layer_1", np.zeros((7, 2))), ("item_category_0", np.zeros((2, 2))), ("item_category_0", np.zeros((3, 6))),
    ],
)  # fmt: skip
def test_arrays_that_do_not_belong_together_are_refused(name, array, tmp_path):
    with pytest.raises(ValueError, match="do not belong together"):
        KIND.read(changed(tmp_path, f"{name}.npy", stored(array.astype(np.float32))))


def test_what_is_not_a_number_or_not_known_is_refused(tmp_path):
    with pytest.raises(ValueError, match="allow_pickle"):
        KIND.read(changed(tmp_path, "user_weights.npy", stored(np.array([print], dtype=object), allow_pickle=True)))
    with pytest.raises(ValueError, match="float64"):
        KIND.read(changed(tmp_path, "user_weights.npy", stored(np.zeros(5))))
    KIND.write(made(), tmp_path / "good")
    with ZipFile(tmp_path / "good") as good:
        about = json.loads(good.read("easel.json"))
    with pytest.raises(ValueError, match="do not belong together"):
        KIND.read(changed(tmp_path, "easel.json", json.dumps(about | {"activation": "exec"})))
    network = replace(made().network, layers=())
    KIND.write(replace(made(), network=network), tmp_path / "empty")
    with pytest.raises(ValueError, match="do not belong together"):
        KIND.read(tmp_path / "empty")
