"""Score Image Model: the probabilities of plain PyTorch, and what becomes of operations."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.image_model import KIND
from pipelines.kinds.images import Recipe
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.vision.pictures import FAST, digits, images_of, model, needs_torch, network
from tests.support.module_runner import only

pytestmark = [needs_torch, pytest.mark.slow]
ID = "vision.score_image_model"
EXAMPLE = Example({}, {"model": lambda: [model()], "images": lambda: [digits(100, 70)]})
HALF = Recipe(({"operation": "resize", "size": 4},))


def chances(scored):
    return scored.frame.select(pl.selectors.starts_with("Scored Probabilities")).to_numpy()


def test_probabilities_are_those_of_plain_pytorch():
    import torch
    from torch.nn.functional import batch_norm, conv2d, linear, max_pool2d

    images = digits(100, 70)
    weights = {name: torch.from_numpy(values) for name, values in model().network.arrays.items()}
    pixels = np.stack([images.load(at) for at in range(70)]).astype(np.float32) / 255
    x = torch.from_numpy(((pixels - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).astype(np.float32).transpose(0, 3, 1, 2).copy())
    for block in range(2):
        norm = [weights[f"features.norm{block}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")]
        x = batch_norm(conv2d(x, weights[f"features.conv{block}.weight"], padding=1), *norm).relu()
        x = max_pool2d(x, 2) if block == 0 else x.mean((2, 3))
    plain = linear(x, weights["classifier.weight"], weights["classifier.bias"]).softmax(1).numpy()
    scored = only(ID, model=model(), images=images)
    assert np.allclose(chances(scored), plain, atol=1e-5)
    assert scored.frame["Scored Labels"].to_list() == [str(at) for at in plain.argmax(1)]
    assert scored.frame["name"].equals(images.frame["name"]) and scored.frame["label"].equals(images.frame["label"])


def test_evaluate_model_judges_it():
    scored = only(ID, model=model(), images=digits(100, 70))
    report = only("evaluation.evaluate_model", scored=[scored])
    right = (scored.frame["Scored Labels"] == scored.frame["label"]).mean()
    assert report.metrics[0]["metrics"]["accuracy"] == pytest.approx(right)


def test_of_two_classes_the_last_is_positive_and_has_a_threshold():
    two = only("vision.train_pytorch_model", FAST, network=network(), training=digits(0, 30, 2))
    scored = only(ID, {"threshold": 0.0}, model=two, images=digits(100, 20, 2))
    assert scored.frame.columns == ["name", "label", "Scored Labels", "Scored Probabilities"]
    assert scored.role("Scored Probabilities").positive == "1" and set(scored.frame["Scored Labels"]) == {"1"}
    assert only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]["auc"] is not None


def test_images_without_labels_are_scored_without_the_column():
    blank = images_of([np.zeros((8, 8))] * 2, [None, None])
    assert only(ID, model=model(), images=blank).frame.columns[:2] == ["name", "Scored Labels"]
    none = only(ID, model=model(), images=images_of([], []))
    assert none.frame.height == 0 and none.frame.columns[:3] == ["name", "label", "Scored Labels"]


def test_operations_of_the_training_images_apply_unless_the_images_have_their_own(notes):
    flips = HALF.then(Recipe(({"operation": "random_horizontal_flip", "probability": 1.0},)))
    halved = only("vision.train_pytorch_model", FAST, network=network(), training=replace(digits(), recipe=flips, training=True))
    raw = digits(100, 20)
    own = only(ID, model=halved, images=replace(raw, recipe=HALF))
    assert notes[-1].startswith("Trained on"), "they are prepared alike"
    assert np.array_equal(chances(only(ID, model=halved, images=raw)), chances(own))
    assert "of the training images are applied" in notes[-1]
    assert np.array_equal(chances(only(ID, model=halved, images=replace(raw, recipe=flips, training=True))), chances(own))
    assert notes[-1] == "Random operations are not applied."
    other = Recipe(({"operation": "resize", "size": 6},))
    assert not np.array_equal(chances(only(ID, model=halved, images=replace(raw, recipe=other))), chances(own))
    assert "in another way" in notes[-1]


def test_images_of_different_or_too_small_sizes_are_refused():
    refuses(ID, {}, "sizes_differ", model=model(), images=images_of([np.zeros((8, 8)), np.zeros((9, 9))], [None, None]))
    refuses(ID, {}, "image_too_small", model=model(), images=images_of([np.zeros((1, 1))], [None]))


def test_a_model_that_was_stored_predicts_the_same(tmp_path):
    KIND.write(model(), tmp_path / "model")
    back = only(ID, model=KIND.read(tmp_path / "model"), images=digits(100, 20))
    assert back.frame.equals(only(ID, model=model(), images=digits(100, 20)).frame)
