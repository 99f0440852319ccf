"""The shelf Vision beside Pillow, torchvision and a plain loop of PyTorch: handwritten digits as images of 32 x 32 pixels."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from tests.bench.module_baselines.case import CASES, Case, beside, without
from tests.bench.module_baselines.tables import repeated, sample
from tests.support.module_runner import only

MANY, SOME = 20_000, 2000
PIXELS = {"source": "pixels", "label": "digit", "white": 16}
OPERATIONS = {"resize_to": 24, "center_crop_to": 20, "random_horizontal_flip": False}
FIT = {"epochs": 2, "batch_size": 64, "learning_rate": 0.01, "threads": 1, "seed": 0}
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


@lru_cache(maxsize=2)
def digits(rows: int) -> pl.DataFrame:
    """Pixels of digits, each drawn sixteen times as large."""
    frame = repeated(sample("digits"), rows)
    wide = frame.drop("digit").to_numpy().reshape(-1, 8, 8).repeat(4, axis=1).repeat(4, axis=2).reshape(rows, 1024)
    return pl.DataFrame(wide, schema=[f"p{at}" for at in range(1024)], orient="row").with_columns(frame["digit"])


@lru_cache(maxsize=2)
def images(rows: int) -> Any:
    return only("vision.convert_to_image_directory", PIXELS, table=digits(rows))


@lru_cache(maxsize=1)
def recipe(_: int) -> Any:
    return only("vision.create_image_transformation", OPERATIONS)


@lru_cache(maxsize=1)
def network(_: int) -> Any:
    return only("vision.small_convolutional_network", {"blocks": 2, "filters": 8})


@lru_cache(maxsize=1)
def model(_: int) -> Any:
    return only("vision.train_pytorch_model", FIT, network=network(0), training=images(SOME))


@beside("vision.convert_to_image_directory", PIXELS, rows=MANY, table=digits)
def convert(table: pl.DataFrame) -> None:
    from PIL import Image  # noqa: PLC0415

    values = np.rint(table.drop("digit").to_numpy() / 16 * 255).astype(np.uint8).reshape(-1, 32, 32)
    files = []
    for pixels in values:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        files.append(file.getvalue())
    pl.Series(files)


@beside("vision.split_image_directory", rows=MANY, images=images)
def split(images: Any) -> None:
    from sklearn.model_selection import train_test_split  # noqa: PLC0415

    first, second = train_test_split(np.arange(len(images)), train_size=0.9, random_state=0, stratify=images.frame["label"].to_numpy())
    images.frame[np.sort(first)], images.frame[np.sort(second)]


def loading(transform: Any, images: Any) -> Callable[[], Any]:
    """Operations apply when an image is loaded, so that is measured with them."""

    def work() -> Any:
        found = only("vision.apply_image_transformation", transform=transform, images=images)
        return [found.load(at) for at in range(len(found))]

    return work


def loaded(transform: Any, images: Any) -> Any:
    from PIL import Image  # noqa: PLC0415
    from torchvision import transforms  # noqa: PLC0415

    steps = transforms.Compose([transforms.Resize(24), transforms.CenterCrop(20)])
    return [np.asarray(steps(Image.open(io.BytesIO(content)).convert("RGB"))) for content in images.frame["image"]]


def tensors(images: Any) -> Any:
    import torch  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    pixels = np.stack([np.asarray(Image.open(io.BytesIO(content)).convert("RGB")) for content in images.frame["image"]])
    scaled = ((pixels.astype(np.float32) / 255 - MEAN) / DEVIATION).astype(np.float32)
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(0, 3, 1, 2)))


def plain_network() -> Any:
    from torch import nn  # noqa: PLC0415

    first = [nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(8, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1)]
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(16, 10))


@beside("vision.train_pytorch_model", FIT, rows=SOME, network=network, training=images)
def train(network: Any, training: Any) -> None:
    """The loop, and the predictions of the training images that a report has."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    made, x = plain_network(), tensors(training)
    y = torch.from_numpy(training.frame["label"].cast(pl.Int64).to_numpy().copy())
    updates = torch.optim.Adam(made.parameters(), 0.01)
    for epoch in range(2):
        for places in torch.from_numpy(np.random.default_rng(epoch).permutation(len(y))).split(64):
            loss = torch.nn.functional.cross_entropy(made(x[places]), y[places])
            updates.zero_grad()
            loss.backward()
            updates.step()
    probabilities(made, x)


@beside("vision.score_image_model", rows=SOME, model=model, images=images)
def score(model: Any, images: Any) -> None:
    found = probabilities(plain_network(), tensors(images))
    images.frame.select("name", "label").with_columns(pl.Series("Scored Labels", found.argmax(axis=1)))


def probabilities(made: Any, x: Any) -> np.ndarray:
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    made.eval()
    with torch.inference_mode():
        return np.concatenate([made(part).softmax(1).numpy() for part in x.split(64)])


CASES.append(
    Case("vision.apply_image_transformation", loaded, OPERATIONS, {"transform": recipe, "images": images}, SOME, "loaded", loading)
)
without("it hands on what is stored", "vision.load_image_model")
without("it only keeps settings", "vision.create_image_transformation", "vision.small_convolutional_network")
without("its network is built when it is trained, which is measured", "vision.densenet", "vision.resnet")
