"""Trained image models: what is written comes back."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.catalogue.ports import Report
from pipelines.kinds.image_model import KIND, ImageModel
from pipelines.modelling.images.recipe import Recipe
from tests.pipelines.kinds.test_image_network import ARRAYS
from tests.pipelines.kinds.test_image_network import KNOWN as NETWORK

RECIPE = Recipe(({"operation": "resize", "size": 8},))
KNOWN = ImageModel(NETWORK, ("cat", "Köter"), RECIPE, (8, 9), {"epochs": 2, "patience": None}, Report("R", []))


def test_it_comes_back_without_its_report_and_equal_ones_are_equal_bytes(tmp_path):
    KIND.write(KNOWN, tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(back, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert replace(back, network=NETWORK, report=KNOWN.report).__dict__ == KNOWN.__dict__
    assert all(np.array_equal(back.network.arrays[name], values) for name, values in ARRAYS.items())
    assert KIND.report(KNOWN) is KNOWN.report


def test_operations_that_are_unknown_are_refused(tmp_path):
    KIND.write(replace(KNOWN, recipe=Recipe(({"operation": "execute", "code": "print"},))), tmp_path / "bad")
    with pytest.raises(ValueError, match="unknown"):
        KIND.read(tmp_path / "bad")
