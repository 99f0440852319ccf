"""Small Convolutional Network: its layers and their numbers."""

import pytest

from tests.pipelines.modules.vision.pictures import needs_torch
from tests.support.module_runner import only

pytestmark = needs_torch
ID = "vision.small_convolutional_network"


@pytest.mark.slow
def test_its_weights_are_as_many_as_the_page_says():
    from pipelines.modules.vision._architectures import build

    made = build(only(ID), 10)
    assert sum(weight.numel() for weight in made.parameters()) == 27 * 16 + 2 * 16 + 144 * 32 + 2 * 32 + 33 * 10 == 5466
    deep = build(only(ID, {"blocks": 4, "filters": 2}), 3)
    assert [weight.shape[0] for weight in deep.parameters() if weight.ndim == 4] == [2, 4, 8, 16]


def test_it_is_only_set_up():
    found = only(ID, {"blocks": 3})
    assert (found.architecture, found.options, found.arrays) == ("small", {"blocks": 3, "filters": 16}, {})
