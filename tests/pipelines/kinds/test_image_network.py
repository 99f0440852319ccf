"""Untrained image models: what is written comes back, and no code is executed."""

import io
from zipfile import ZipFile

import numpy as np
import pytest

from pipelines.kinds.image_network import KIND, ImageNetwork

ARRAYS = {"a.weight": np.arange(6, dtype=np.float32).reshape(2, 3), "a.count": np.array(4)}
KNOWN = ImageNetwork("R", "small", {"blocks": 2}, ARRAYS)


def test_it_comes_back_and_equal_ones_are_equal_bytes(tmp_path):
    KIND.write(KNOWN, tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(ImageNetwork("R", "small", {"blocks": 2}, dict(reversed(back.arrays.items()))), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (back.name, back.architecture, back.options, list(back.arrays)) == ("R", "small", {"blocks": 2}, sorted(ARRAYS))
    assert all(np.array_equal(back.arrays[name], values) for name, values in ARRAYS.items())


def test_numpy_reads_the_arrays_and_their_order_in_memory_does_not_matter(tmp_path):
    for name, order in (("one", "C"), ("two", "F")):
        KIND.write(
            ImageNetwork("R", "small", {}, {key: np.asarray(values, order=order) for key, values in ARRAYS.items()}), tmp_path / name
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with np.load(tmp_path / "one") as read:
        assert all(np.array_equal(read[name], values) and read[name].shape == values.shape for name, values in ARRAYS.items())


@pytest.mark.parametrize("array", [np.array([print], dtype=object), np.array(["x"]), np.zeros(2)])
def test_what_is_no_weight_is_refused(array, tmp_path):
    KIND.write(KNOWN, tmp_path / "good")
    held = io.BytesIO()
    np.lib.format.write_array(held, array, allow_pickle=True)
    with ZipFile(tmp_path / "good") as good, ZipFile(tmp_path / "bad", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, held.getvalue() if name == "a.weight.npy" else good.read(name))
    with pytest.raises(ValueError, match=r"allow_pickle|holds no weights"):
        KIND.read(tmp_path / "bad")
