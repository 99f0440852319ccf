"""Images in two parts: as many as the fraction says, rounded down, and of each class its share."""

from collections import Counter
from functools import cache

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import StratifiedShuffleSplit

from pipelines.kinds.images import Images
from tests.support.module_runner import dataset, only, run

SPLIT = "vision.split_image_directory"


@cache
def digits():
    return only("vision.convert_to_image_directory", {"source": "pixels", "white": 16, "label": "digit"}, table=dataset("digits"))


def split(images, **settings):
    parts = run(SPLIT, settings, images=images)
    return parts["first"].frame, parts["second"].frame


@pytest.mark.parametrize("keep_shares", [True, False])
@pytest.mark.parametrize(("fraction", "count"), [(0.9, 1617), (0.29, 521), (0, 0), (1, 1797)])
def test_the_fraction_is_rounded_down_and_every_image_is_in_one_part(fraction, count, keep_shares):
    images = digits()
    first, second = split(images, fraction=fraction, keep_shares=keep_shares)
    assert first.height == count and pl.concat([first, second]).sort("name").equals(images.frame.sort("name"))
    assert all(part["name"].to_list() == [name for name in images.frame["name"] if name in set(part["name"])] for part in (first, second))


def test_classes_keep_their_shares_as_with_scikit_learn():
    labels = digits().frame["label"].to_list()
    first, _ = split(digits(), fraction=0.8, seed=3)
    train, _ = next(StratifiedShuffleSplit(1, train_size=first.height, random_state=0).split(labels, labels))
    expected = Counter(labels[row] for row in train)
    assert all(abs(expected[label] - count) <= 1 for label, count in first["label"].value_counts().rows())


def test_a_script_can_repeat_it():
    images = digits()
    drawn = np.random.Generator(np.random.PCG64(5)).permutation(1797)[:1617]
    assert split(images, keep_shares=False, seed=5)[0].equals(images.frame[np.sort(drawn)])
    assert split(images, seed=5)[0].equals(split(images, seed=5)[0]) and not split(images, seed=5)[0].equals(split(images, seed=6)[0])


def test_operations_stay_and_images_without_a_label_are_a_class():
    images = digits()
    some = pl.when(pl.int_range(pl.len()) % 10 != 0).then("label").alias("label")
    recipe = only("vision.create_image_transformation")
    changed = only("vision.apply_image_transformation", transform=recipe, images=images.with_frame(images.frame.with_columns(some)))
    parts = run(SPLIT, {"fraction": 0.5}, images=changed)
    assert all(part.recipe == changed.recipe and part.training for part in parts.values())
    assert parts["first"].frame["label"].null_count() == 90


def test_no_images_are_split_into_none():
    none = Images(digits().frame.clear())
    assert [part.height for part in split(none)] == [0, 0] == [part.height for part in split(none, keep_shares=False)]
