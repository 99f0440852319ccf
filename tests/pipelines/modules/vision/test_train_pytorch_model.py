"""Train PyTorch Model: the same as a plain loop of PyTorch, whether it is stopped in between or not."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue import checkpoint
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.reporting import reporting_to
from pipelines.execution.checkpoint_file import CheckpointFile
from pipelines.execution.step import Stopped
from pipelines.execution.store import LocalStore
from pipelines.kinds.image_model import KIND
from pipelines.kinds.images import Recipe
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.vision.pictures import FAST, digits, images_of, needs_torch, network
from tests.support.module_runner import only

pytestmark = [needs_torch, pytest.mark.slow]
ID = "vision.train_pytorch_model"
EXAMPLE = Example(FAST, {"network": lambda: [network()], "training": lambda: [digits()]})
SETTINGS = FAST | {"epochs": 5, "seed": 3}


def train(settings=SETTINGS, **inputs):
    """A model of 37 images, which are batches of 16, 16 and 5."""
    return only(ID, settings, **{"network": network(), "training": digits(0, 37), "validation": digits(300, 20)} | inputs)


def content(model, tmp_path):
    KIND.write(model, tmp_path / "model")
    return (tmp_path / "model").read_bytes(), model.report


def plainly(training, classes, epochs, seed, optimizer, rate, rates):
    """Losses and weights of a loop of plain PyTorch over the digits; `rates` are the learning rates of each update."""
    import torch
    from torch import nn
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    made = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, classes),
    )  # fmt: skip
    pixels = np.stack([training.load(at) for at in range(len(training))]).astype(np.float32) / 255
    x = torch.from_numpy(((pixels - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).astype(np.float32).transpose(0, 3, 1, 2).copy())
    y = torch.tensor([training.classes.index(label) for label in training.frame["label"]])
    updates, losses, rates = optimizer(made.parameters(), rate), [], iter(rates)
    for epoch in range(epochs):
        order, total = np.random.Generator(np.random.PCG64([seed, epoch])).permutation(len(y)), 0.0
        for start in range(0, len(y), 16):
            places = torch.from_numpy(order[start : start + 16])
            updates.param_groups[0]["lr"] = next(rates)
            loss = cross_entropy(made(x[places]), y[places])
            updates.zero_grad()
            loss.backward()
            updates.step()
            total += float(loss.detach()) * len(places)
        losses.append(total / len(y))
    return losses, [values.numpy() for values in made.state_dict().values()]


def figures(model):
    return next(block for block in model.report.blocks if block["title"] == "Epochs")["rows"]


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "adamw"])
def test_it_is_a_plain_loop_of_pytorch(optimizer):
    import torch

    made = {
        "adam": lambda weights, rate: torch.optim.Adam(weights, rate, weight_decay=0.01),
        "sgd": lambda weights, rate: torch.optim.SGD(weights, rate, momentum=0.8, weight_decay=0.01),
        "adamw": lambda weights, rate: torch.optim.AdamW(weights, rate, weight_decay=0.01),
    }[optimizer]
    settings = {**SETTINGS, "epochs": 3, "optimizer": optimizer, "momentum": 0.8, "weight_decay": 0.01, "schedule": "constant"}
    model = only(ID, settings, network=network(), training=digits(0, 37))
    losses, weights = plainly(digits(0, 37), 10, 3, 3, made, 0.01, [0.01] * 9)
    assert [row[1] for row in figures(model)] == pytest.approx(losses, rel=1e-5)
    for found, plain in zip(model.network.arrays.values(), weights, strict=True):
        assert np.allclose(found, plain, rtol=1e-4, atol=1e-5)


def test_learning_rates_are_those_of_torchs_schedulers():
    import torch
    from torch.optim import lr_scheduler as of

    from pipelines.modules.vision._course import Asked, rate_at

    def rates(asked, epochs=6, steps=4):
        return [rate_at(asked, step, steps) for step in range(epochs * steps)]

    def theirs(make, many=24):
        updates = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.5)
        schedule, found = make(updates), []
        for _ in range(many):
            found.append(updates.param_groups[0]["lr"])
            updates.step()
            schedule.step()
        return found

    asked = Asked(epochs=6, learning_rate=0.5, schedule="cosine")
    assert rates(asked) == pytest.approx(theirs(lambda o: of.CosineAnnealingLR(o, 24)))
    assert rates(replace(asked, schedule="linear")) == pytest.approx(theirs(lambda o: of.LinearLR(o, 1.0, 0.0, 24)))
    stepped = replace(asked, schedule="step", step_epochs=2, step_factor=0.3)
    assert rates(stepped) == pytest.approx(theirs(lambda o: of.StepLR(o, 8, 0.3)))
    warm = rates(replace(asked, schedule="constant", warmup_epochs=2))
    assert warm == pytest.approx([0.5 * (step + 1) / 8 for step in range(8)] + [0.5] * 16)
    assert max(rates(replace(asked, warmup_epochs=9))) < 0.5


class Stopping:
    """Stops the work like Cancel, in the middle of an epoch."""

    def __init__(self, epoch):
        self.epoch, self.lines = epoch, []

    def progress(self, done, total, words):
        if words.startswith(f"epoch {self.epoch} ") and done % 37 > 16:
            raise Stopped

    def log(self, line, level, figures=None):
        self.lines.append(line)


@pytest.mark.parametrize(("epoch", "chance"), [(1, False), (4, True)])
def test_a_training_that_is_stopped_continues_and_gives_the_same_bytes(epoch, chance, tmp_path):
    flips = Recipe(({"operation": "random_horizontal_flip", "probability": 0.5},))
    inputs = {"training": replace(digits(0, 37), recipe=flips, training=True)} if chance else {}
    through = content(train(**inputs), tmp_path)
    keeper = CheckpointFile.of("k", LocalStore(tmp_path))
    with pytest.raises(Stopped), reporting_to(Stopping(epoch)), checkpoint.kept_by(keeper):
        train(**inputs)
    assert (keeper.kept() is None) is (epoch == 1)
    with reporting_to(again := Stopping(0)), checkpoint.kept_by(keeper):
        assert content(train(**inputs), tmp_path) == through
    assert any(line.startswith(f"Continues after epoch {epoch - 1}") for line in again.lines) is (epoch > 1)
    assert sum(line.startswith("Epoch") for line in again.lines) == 6 - epoch


def test_a_checkpoint_that_is_cut_off_costs_only_time(tmp_path):
    through = content(train(), tmp_path)
    keeper = CheckpointFile.of("k", LocalStore(tmp_path))
    with checkpoint.kept_by(keeper):
        assert content(train(), tmp_path) == through
        keeper.place.write_bytes(keeper.place.read_bytes()[:-100])
        with reporting_to(heard := Stopping(0)):
            assert content(train(), tmp_path) == through
    assert any("cannot be read" in line for line in heard.lines)


def test_random_operations_are_drawn_anew_and_the_same_with_the_same_seed(tmp_path):
    flips = Recipe(({"operation": "random_horizontal_flip", "probability": 0.5},))
    drawn = replace(digits(0, 37), recipe=flips, training=True)
    one, two = (content(train(training=drawn), tmp_path) for _ in range(2))
    assert one == two
    assert one[0] != content(train(), tmp_path)[0]
    assert one[0] != content(train(SETTINGS | {"seed": 4}, training=drawn), tmp_path)[0]
    off = replace(drawn, training=False)
    assert figures(train(training=off)) == figures(train())
    assert figures(train(validation=replace(digits(300, 20), recipe=flips, training=True))) == figures(train())


def test_the_weights_are_those_of_the_lowest_validation_loss_and_training_ends_early(notes):
    settings = SETTINGS | {"epochs": 40, "patience": 2, "learning_rate": 0.1, "schedule": "constant"}
    model = train(settings)
    losses = [row[3] for row in figures(model)]
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 2 < 40
    assert notes[-1].endswith(f"the weights are of epoch {best}.")
    until_then = only(ID, settings | {"epochs": best}, network=network(), training=digits(0, 37)).network.arrays
    assert all(np.array_equal(model.network.arrays[name], values) for name, values in until_then.items())
    assert len(figures(train(settings | {"patience": None, "epochs": best + 3}))) == best + 3


def test_without_validation_images_all_epochs_are_trained_and_the_last_counts():
    model = only(ID, SETTINGS, network=network(), training=digits(0, 37))
    assert len(figures(model)) == 5 and len(figures(model)[0]) == 3
    assert ["Weights are those of epoch", 5] in model.report.blocks[0]["rows"]


def test_it_learns_the_digits():
    settings = {"epochs": 4, "batch_size": 32, "learning_rate": 0.02, "threads": 1}
    model = train(settings, network=network(filters=8), training=digits(0, 600), validation=digits(600, 200))
    assert figures(model)[-1][4] > 0.7
    assert model.classes == tuple("0123456789") and model.size == (8, 8)


def test_images_that_cannot_be_trained_on_are_refused():
    blank = np.zeros((8, 8))

    def refused(code, pictures, labels, settings=FAST, **inputs):
        return refuses(ID, settings, code, **{"network": network(), "training": images_of(pictures, labels)} | inputs)

    refused("no_labels", [], [])
    refused("no_labels", [blank] * 2, [None, None])
    assert "“a”" in refused("one_class", [blank] * 3, ["a", "a", None]).words
    refused("one_class", [blank], ["a"])
    assert "8 × 8 pixels and “1.png” of 9 × 8" in refused("sizes_differ", [blank, np.zeros((8, 9))], ["a", "b"]).words
    refused("image_too_small", [np.zeros((1, 1))] * 2, ["a", "b"])
    refused(
        "diverged",
        [blank, blank + 255],
        ["a", "b"],
        FAST | {"learning_rate": 10.0, "optimizer": "sgd", "weight_decay": 1.0, "epochs": 60, "schedule": "constant"},
    )
    with pytest.raises(ValueError, match="at least 1"):
        catalogue().modules[ID].read_settings({"epochs": 0})


def test_two_images_are_enough_and_a_last_batch_of_one_joins_another(notes):
    two = images_of([np.zeros((8, 8)), np.full((8, 8), 255)], ["b", "a"])
    assert only(ID, FAST, network=network(), training=two).classes == ("a", "b")
    assert len(figures(train(training=digits(0, 33)))) == 5


def test_what_is_left_out_is_said(notes):
    known, blank = digits(0, 37, 4), np.zeros((8, 8))
    more = known.with_frame(known.frame.vstack(images_of([blank], [None]).frame.with_columns(name=pl.lit("more.png"))))
    other = digits(300, 20)
    model = train(training=more, validation=other)
    assert "1 training image without a label is left out." in notes
    assert any("of “5”" in line and "which no training image has" in line for line in notes)
    strange = train(training=known, validation=images_of([blank], ["x"]))
    assert len(model.classes) == 4 and len(figures(strange)[0]) == 3
