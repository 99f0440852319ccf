"""Small Convolutional Network: an untrained network for small pictures."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.kinds.image_network import ImageNetwork
from pipelines.modules.vision._architectures import LIBRARIES, SMALL


@module(
    "Small Convolutional Network",
    icon="grid-scan",
    aliases=("image classification", "convolutional neural network", "CNN", "deep learning", "LeNet"),
    libraries=LIBRARIES,
    extra="vision",
)
def small_convolutional_network(
    *,
    blocks: Annotated[int, Range(1, 6)] = 2,
    filters: Annotated[int, Range(1, 512), Title("Filters of the first block")] = 16,
) -> ImageNetwork:
    """Set up a network of a few thousand weights, which trains in seconds.

    Each block is a convolution of 3 × 3 pixels, batch normalization, ReLU, and pooling that halves height and width; each has twice as many
    filters as the one before. After the last block, the mean of each filter over the image goes to one linear layer. With two blocks of 16 and 32 filters
    and ten classes it has 5,466 weights. It starts at random.

    When to use:
        For small pictures, such as digits or icons, and for a first result on any images.

    Args:
        blocks: How many blocks. Images need at least 2 × 2 pixels for two blocks, 4 × 4 for three, and so on.
        filters: How many patterns the first block looks for.

    Returns:
        The untrained network, for Train PyTorch Model.

    Example:
        blocks: 2
    """
    return ImageNetwork("Small Convolutional Network", SMALL, {"blocks": blocks, "filters": filters})
