"""Operations of a recipe on images: whenever one is loaded, random ones for training only."""

import numpy as np
import pytest
from PIL import Image

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Transform
from tests.pipelines.modules.examples import MADE, Example
from tests.support.module_runner import dataset, only

APPLY, CREATE = "vision.apply_image_transformation", "vision.create_image_transformation"
EXAMPLE = Example(inputs={"transform": lambda: [only(CREATE)]})
SMALL = {"resize_to": 16, "center_crop_to": 12}


def digits():
    return only(
        "vision.convert_to_image_directory", {"source": "pixels", "white": 16, "label": "digit"}, table=dataset("digits").frame.head(40)
    )


def applied(images, mode="training", **settings):
    return only(APPLY, {"mode": mode}, transform=only(CREATE, SMALL | settings), images=images)


def rolls(seed=0):
    return np.random.default_rng(seed)


def test_an_image_is_loaded_as_pillow_changes_it():
    images = digits()
    changed = applied(images, "inference")
    expected = Image.fromarray(images.load(3)).resize((16, 16), Image.Resampling.BILINEAR).crop((2, 2, 14, 14))
    assert np.array_equal(changed.load(3), np.asarray(expected))
    assert changed.frame.equals(images.frame) and images.load(3).shape == (8, 8, 3)


def test_random_operations_are_for_training_alone():
    settings = {"random_horizontal_flip": False, "random_rotation": True, "rotation_degrees": 40}
    training, inference = applied(digits(), **settings), applied(digits(), "inference", **settings)
    assert np.array_equal(training.load(0, rolls(1)), training.load(0, rolls(1)))
    assert not np.array_equal(training.load(0, rolls(1)), training.load(0, rolls(2)))
    assert not inference.applied.is_random and np.array_equal(inference.load(0), inference.load(0))


def test_transformations_follow_each_other(notes):
    settings = {"random_vertical_flip": True, "vertical_flip_probability": 1}
    first = applied(digits(), **settings)
    both = applied(first, "inference", resize_to=6, center_crop_to=6)
    assert both.load(0).shape == (6, 6, 3) and not both.applied.is_random
    assert "3 random operations are left out" in notes[0]
    assert [step["operation"] for step in applied(first).applied.steps].count("resize") == 2


@pytest.mark.parametrize(("id", "transform", "other", "code"), [
    (APPLY, lambda: MADE["transform"](), lambda: {"images": digits()}, "tabular_transform"),
    ("transform.apply_transformation", lambda: only(CREATE), lambda: {"table": MADE["table"]()}, "image_transform"),
    (APPLY, lambda: Transform("image_operations", {"steps": [{"operation": "melt"}]}), lambda: {"images": digits()}, "unknown_transform"),
])  # fmt: skip
def test_each_takes_transformations_of_its_own_only(id, transform, other, code):
    with pytest.raises(ModuleError) as caught:
        only(id, transform=transform(), **other())
    assert (caught.value.code, caught.value.port) == (code, "transform") and caught.value.remedy
