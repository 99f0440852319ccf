"""A recipe of operations: those that are on, in the order of the settings."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.images.operations import FIXED, RANDOM
from pipelines.modelling.images.recipe import recipe_of
from tests.support.module_runner import only

CREATE = "vision.create_image_transformation"
SWITCHES = [param.name for param in catalogue().modules[CREATE].params if isinstance(param.default, bool)]
OFF = dict.fromkeys(SWITCHES, False)


def steps(**settings):
    return [dict(step) for step in recipe_of(only(CREATE, settings)).steps]


def test_what_it_does_by_default():
    assert steps() == [
        {"operation": "resize", "size": 256},
        {"operation": "center_crop", "size": 224},
        {"operation": "random_horizontal_flip", "probability": 0.5},
    ]
    assert steps(**OFF) == []


def test_every_operation_has_a_switch_and_they_apply_in_the_order_of_the_settings():
    assert set(SWITCHES) == {*FIXED, *RANDOM}
    assert [step["operation"] for step in steps(**dict.fromkeys(SWITCHES, True))] == SWITCHES


def test_settings_reach_their_operation():
    assert steps(**OFF | {"random_erasing": True, "smallest_erased": 0.1, "largest_erased": 0.2, "erasing_probability": 1}) == [
        {"operation": "random_erasing", "probability": 1.0, "area": [0.1, 0.2], "ratio": [0.3, 3.3]}
    ]
    assert steps(**OFF | {"random_affine": True, "affine_degrees": 5, "shift": 0.2, "zoom": 0.3, "shear": 4}) == [
        {"operation": "random_affine", "degrees": 5.0, "shift": 0.2, "zoom": 0.3, "shear": 4.0}
    ]


@pytest.mark.parametrize(("low", "high"), [("smallest_area", "largest_area"), ("smallest_erased", "largest_erased")])
def test_an_area_from_large_to_small_is_refused(low, high):
    with pytest.raises(ModuleError) as caught:
        steps(**{low: 0.9, high: 0.1})
    assert (caught.value.code, caught.value.param) == ("bad_range", high)
