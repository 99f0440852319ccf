"""Images as batches of numbers for a network, and torch set up so that equal inputs give equal numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.kinds.images import Images

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

# Of the colours of ImageNet, which published weights were trained with. For a random start they are as good as any.
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
MOST_KEPT = 256 * 1024**2
RESIZE = "Give all images one size with Init Image Transformation and Apply Image Transformation: Resize, then Center crop."


@contextmanager
def reproducible(threads: int, seed: int = 0) -> Iterator[None]:
    """Compute inside with so many threads, whose number decides in which order numbers are added up, and random numbers of a seed."""
    import torch

    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(before[0])
        torch.use_deterministic_algorithms(before[1])


def batches(places: Sequence[int], size: int) -> list[Sequence[int]]:
    """Return places in batches; a last one of a single image joins the one before, since batch normalization needs two."""
    parts = [places[start : start + size] for start in range(0, len(places), size)]
    return [*parts[:-2], [*parts[-2], *parts[-1]]] if len(parts) > 1 and len(parts[-1]) == 1 else parts


class Pixels:
    """Images that are loaded again and again: what no random operation changes is kept in memory, as long as there is room."""

    def __init__(self, images: Images) -> None:
        self.images = images
        self._kept: dict[int, np.ndarray] = {}
        self._room = 0 if images.applied.is_random else MOST_KEPT

    def load(self, place: int, generator: np.random.Generator | None) -> np.ndarray:
        """Return the pixels of an image, as `Images.load`."""
        if place in self._kept:
            return self._kept[place]
        pixels = self.images.load(place, generator)
        if pixels.nbytes <= self._room:
            self._room -= pixels.nbytes
            self._kept[place] = pixels
        return pixels


def batch(pixels: Pixels, places: Sequence[int], generator: np.random.Generator | None = None) -> Tensor:
    """Return images as numbers: image, colour, row and column.

    Raises:
        ModuleError: `sizes_differ`.
    """
    import torch

    loaded = [pixels.load(place, generator) for place in places]
    names = pixels.images.frame["name"]
    if other := next((at for at, each in enumerate(loaded) if each.shape != loaded[0].shape), None):
        first, second = ("“{}” of {} × {} pixels".format(names[places[at]], *loaded[at].shape[1::-1]) for at in (0, other))
        raise ModuleError("sizes_differ", f"The images have different sizes, such as {first} and {second}.", remedy=RESIZE)
    scaled = (np.stack(loaded).astype(np.float32) / 255 - MEAN) / SPREAD
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(0, 3, 1, 2)))


def check_size(made: Module, pixels: Pixels, name: str) -> tuple[int, int]:
    """Return height and width of an image, once the network has shown that it can see it.

    Raises:
        ModuleError: `image_too_small`.
    """
    import torch

    one = batch(pixels, [0], np.random.Generator(np.random.PCG64(0)))
    height, width = one.shape[2:]
    try:
        with torch.inference_mode():
            made.eval()(one)
    except RuntimeError as wrong:
        raise ModuleError(
            "image_too_small",
            f"{name} cannot process images of {width} × {height} pixels: its layers shrink them to nothing.",
            remedy="Resize the images with Init Image Transformation, or use Small Convolutional Network with fewer blocks.",
        ) from wrong
    return height, width
