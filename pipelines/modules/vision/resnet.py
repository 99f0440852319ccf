"""ResNet: an untrained network of residual blocks."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Title, Titles
from pipelines.catalogue.ports import Table
from pipelines.kinds.image_network import ImageNetwork
from pipelines.modules.vision._architectures import LIBRARIES
from pipelines.modules.vision._weights import with_weights

TITLES = {
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
    "resnext50_32x4d": "ResNeXt-50 32×4d",
    "resnext101_32x8d": "ResNeXt-101 32×8d",
    "wide_resnet50_2": "Wide ResNet-50-2",
    "wide_resnet101_2": "Wide ResNet-101-2",
}
Architecture = Annotated[
    Literal[
        "resnet18",
        "resnet34",
        "resnet50",
        "resnet101",
        "resnet152",
        "resnext50_32x4d",
        "resnext101_32x8d",
        "wide_resnet50_2",
        "wide_resnet101_2",
    ],
    Titles(**TITLES),
]


@module(
    "ResNet",
    icon="stack-3",
    aliases=("ResNeXt", "Wide ResNet", "image classification", "convolutional neural network", "CNN", "deep learning", "transfer learning"),
    libraries=LIBRARIES,
    extra="vision",
)
def resnet(
    weights: Table | None = None,
    *,
    architecture: Architecture = "resnext101_32x8d",
    zero_init_residual: Annotated[bool, Title("Start blocks at zero")] = False,
) -> ImageNetwork:
    """Set up a ResNet, whose blocks each add a correction to what they receive; a ResNeXt or a Wide ResNet has broader blocks.

    Nothing is downloaded. Without weights the network starts at random, and needs many images and epochs. With weights of
    another training it starts from these: the file of `torch.save(model.state_dict(), …)`, in a ZIP archive that was uploaded as a dataset. It must have
    all weights of the architecture; only the last layer may lack, or be for other classes, and then starts at random. Files of
    torchvision fit. Reading a file executes no code.

    Source: K. He et al., "Deep residual learning for image recognition", CVPR (2016); S. Xie et al., "Aggregated residual transformations for deep
    neural networks", CVPR (2017); S. Zagoruyko, N. Komodakis, "Wide residual networks", BMVC (2016); as in torchvision.

    When to use:
        For photographs; ResNet-18 is the fastest. For small pictures, Small Convolutional Network trains much faster.

    Args:
        weights: A dataset with the weights to start from.
        architecture: The kind and number of layers. More layers are slower, and fit finer differences.
        zero_init_residual: Let each block pass on what it receives before training starts. Without effect on weights of a dataset.

    Returns:
        The untrained network, for Train PyTorch Model.

    Example:
        architecture: "resnet18"
        vision.convert_to_image_directory: {"table": {"transform.partition_and_sample": {"mode": "head", "rows": 120, "table": {"data.dataset": {"dataset": "digits"}}}}}
        vision.train_pytorch_model: {"epochs": 1, "learning_rate": 0.001}
    """
    return with_weights(ImageNetwork(TITLES[architecture], architecture, {"zero_init_residual": zero_init_residual}), weights)
