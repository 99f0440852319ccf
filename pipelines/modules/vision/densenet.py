"""DenseNet: an untrained network of densely connected layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Title, Titles
from pipelines.catalogue.ports import Table
from pipelines.kinds.image_network import ImageNetwork
from pipelines.modules.vision._architectures import LIBRARIES
from pipelines.modules.vision._weights import with_weights

Architecture = Annotated[
    Literal["densenet121", "densenet161", "densenet169", "densenet201"],
    Titles(densenet121="DenseNet-121", densenet161="DenseNet-161", densenet169="DenseNet-169", densenet201="DenseNet-201"),
]


@module(
    "DenseNet",
    icon="topology-full",
    aliases=("image classification", "convolutional neural network", "CNN", "deep learning", "pretrained", "transfer learning"),
    libraries=LIBRARIES,
    extra="vision",
)
def densenet(
    weights: Table | None = None,
    *,
    architecture: Architecture = "densenet201",
    memory_efficient: Annotated[bool, Title("Save memory")] = False,
) -> ImageNetwork:
    """Set up a DenseNet, whose layers each receive the outputs of all earlier layers of their block.

    Nothing is downloaded. Without weights the network starts at random, and needs many images and epochs. With weights of
    another training it starts from these: the file of `torch.save(model.state_dict(), …)`, in a ZIP archive that was uploaded as a dataset. It must have
    all weights of the architecture; only the last layer may lack, or be for other classes, and then starts at random. Files of
    torchvision fit, older ones too. Reading a file executes no code.

    Images need at least 32 × 32 pixels. Of an image of 224 × 224 pixels, one core takes about 0.4 s to learn it
    in an epoch of DenseNet-121, and 0.1 s to score it.

    Source: G. Huang et al., "Densely connected convolutional networks", CVPR (2017), as in torchvision.

    When to use:
        For photographs, with weights that were trained on many others. For small pictures, Small Convolutional Network trains much faster.

    Args:
        weights: A dataset with the weights to start from.
        architecture: The number of layers. More layers are slower, and fit finer differences.
        memory_efficient: Compute some values twice in training rather than keeping them. The result is the same.

    Returns:
        The untrained network, for Train PyTorch Model.

    Example:
        architecture: "densenet121"
        vision.create_image_transformation: {"resize_to": 32, "center_crop_to": 32, "random_horizontal_flip": false}
        vision.convert_to_image_directory: {"table": {"transform.partition_and_sample": {"mode": "head", "rows": 120, "table": {"data.dataset": {"dataset": "digits"}}}}}
        vision.split_image_directory: {"images": "vision.apply_image_transformation"}
        vision.train_pytorch_model: {"epochs": 1, "learning_rate": 0.001}
    """
    name = f"DenseNet-{architecture.removeprefix('densenet')}"
    return with_weights(ImageNetwork(name, architecture, {"memory_efficient": memory_efficient}), weights)
