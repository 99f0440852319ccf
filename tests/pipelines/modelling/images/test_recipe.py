"""Recipes: plain data in, changed images out; what is random can be left out; what is unknown is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Transform
from pipelines.modelling.images import operations
from pipelines.modelling.images.recipe import Recipe, checked, recipe_of

RESIZE, CROP = {"operation": "resize", "size": 8}, {"operation": "center_crop", "size": 4}
FLIP = {"operation": "random_horizontal_flip", "probability": 1.0}


def stripes():
    return Image.fromarray(np.repeat(np.arange(0, 160, 10, dtype=np.uint8)[None, :, None], 16, axis=0).repeat(3, axis=2))


def test_operations_apply_in_their_order():
    recipe = Recipe((RESIZE, CROP)).then(Recipe((FLIP,)))
    expected = operations.center_crop(operations.resize(stripes(), size=8), size=4).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert recipe.apply(stripes(), np.random.default_rng(0)) == expected
    assert Recipe((CROP, RESIZE)).apply(stripes(), None).size == (8, 8)


def test_random_operations_can_be_left_out():
    recipe = Recipe((RESIZE, FLIP, CROP))
    assert recipe.is_random and not recipe.without_chance.is_random
    assert recipe.without_chance == Recipe((RESIZE, CROP))


def test_it_goes_through_json():
    recipe = Recipe((RESIZE, FLIP))
    state = json.loads(json.dumps(recipe.transform.state))
    assert recipe_of(Transform(recipe.transform.name, state)) == recipe


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"operation": "resize"},
        {"operation": "resize", "size": 8, "more": 1},
        {"operation": "__class__"},
        {"operation": "resized", "of": (1, 1), "size": 1},
    ],
)
def test_an_unknown_operation_is_refused(step):
    assert checked([RESIZE, step]) is None
    with pytest.raises(ModuleError) as caught:
        recipe_of(Transform("image_operations", {"steps": [step]}))
    assert (caught.value.code, caught.value.port) == ("unknown_transform", "transform")


def test_an_image_does_not_grow_beyond_memory():
    thin = Image.new("RGB", (1, 20_000))
    with pytest.raises(ModuleError) as caught:
        Recipe(({"operation": "resize", "size": 224},)).apply(thin, None)
    assert caught.value.code == "image_too_large" and "224 × 4,480,000" in caught.value.words and caught.value.remedy
