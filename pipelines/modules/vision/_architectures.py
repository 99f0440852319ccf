"""Networks of torch by the name of their architecture, and the weights that they start from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.kinds.image_network import ImageNetwork

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LIBRARIES = ("torch", "torchvision")
SMALL = "small"
# What files of torchvision's first DenseNets call their layers.
FORMER = re.compile(r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$")
COUNTER = "num_batches_tracked"  # of batch normalization: absent in old files, and without effect
AMONG = "Choose the architecture that the weights are of, or connect other weights."


def build(network: ImageNetwork, classes: int) -> Module:
    """Return the network of torch with its weights, for so many classes; the rest is drawn from torch's generator.

    Raises:
        ModuleError: `unknown_architecture` or `other_weights`.
    """
    made = _bare(network.architecture, network.options, classes)
    if network.arrays:
        _fill(made, network, classes)
    return made


def head_of(architecture: str) -> str:
    """Return what the names of the last layer's weights start with: its size is the number of classes."""
    return "fc." if architecture.startswith(("res", "wide")) else "classifier."


def arrays_of(made: Module) -> dict[str, np.ndarray]:
    """Return the weights of a network of torch by name."""
    return {name: values.detach().numpy().copy() for name, values in made.state_dict().items()}


def _bare(architecture: str, options: Mapping[str, Any], classes: int) -> Module:
    if architecture == SMALL:
        return _small(classes, **options)
    import torchvision

    if architecture not in torchvision.models.list_models(torchvision.models, include=["densenet*", "resne*", "wide_resnet*"]):
        words = f"This version of Easel does not have the architecture “{architecture[:50]}”."
        raise ModuleError("unknown_architecture", words, remedy="Create the model again.")
    made: Module = torchvision.models.get_model(architecture, weights=None, num_classes=classes, **options)
    return made


def _small(classes: int, *, blocks: int, filters: int) -> Module:
    """Blocks of convolution, batch normalization, ReLU and pooling, each of twice the filters; then means over the image and one linear layer."""
    from collections import OrderedDict
    from itertools import pairwise

    from torch import nn

    widths = [3, *(filters * 2**block for block in range(blocks))]
    layers: OrderedDict[str, Module] = OrderedDict()
    for block, (before, after) in enumerate(pairwise(widths)):
        layers[f"conv{block}"] = nn.Conv2d(before, after, 3, padding=1, bias=False)
        layers[f"norm{block}"] = nn.BatchNorm2d(after)
        layers[f"relu{block}"] = nn.ReLU()
        layers[f"pool{block}"] = nn.MaxPool2d(2) if block < blocks - 1 else nn.AdaptiveAvgPool2d(1)
    return nn.Sequential(OrderedDict(features=nn.Sequential(layers), flat=nn.Flatten(), classifier=nn.Linear(widths[-1], classes)))


def fitting_arrays(network: ImageNetwork, given: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Return the weights of a file by their names in the network.

    Raises:
        ModuleError: `other_weights`, when they are of another network.
    """
    import torch

    renamed = {FORMER.sub(r"\1\2", name.removeprefix("module.")): values for name, values in given.items()}
    arrays = {
        name: values.detach().to(torch.int64 if name.endswith(COUNTER) else torch.float32).contiguous().numpy()
        for name, values in renamed.items()
    }
    loaded = ImageNetwork(network.name, network.architecture, network.options, arrays)
    _fill(_bare(network.architecture, network.options, _classes_of(loaded)), loaded, _classes_of(loaded))
    return arrays


def _classes_of(network: ImageNetwork) -> int:
    head = network.arrays.get(f"{head_of(network.architecture)}weight")
    return 2 if head is None or head.ndim != 2 else head.shape[0]


def _fill(made: Module, network: ImageNetwork, classes: int) -> None:
    """Give a network its weights; only the last layer may lack, or be of other classes, and then stays as it is."""
    import torch

    wanted, head = made.state_dict(), head_of(network.architecture)
    given = dict(network.arrays)
    if any(given[name].shape != tuple(wanted[name].shape) for name in wanted if name.startswith(head) and name in given):
        given = {name: values for name, values in given.items() if not name.startswith(head)}
    lacking = [name for name in wanted if name not in given and not name.startswith(head) and not name.endswith(COUNTER)]
    strange = [name for name in given if name not in wanted]
    if lacking or strange:
        what = f"lack {listed(lacking)}" if lacking else f"have {listed(strange)}, which it does not have"
        raise _other(f"The weights are not of {network.name}: they {what}.")
    if other := [name for name, values in given.items() if values.shape != tuple(wanted[name].shape)]:
        words = f"The weights are not of {network.name}: {counted(len(other), 'array')}, such as “{other[0]}”, of another size."
        raise _other(words)
    if broken := [name for name, values in given.items() if not np.isfinite(values).all()]:
        raise _other(f"The weights “{broken[0]}” have missing or infinite values.")
    made.load_state_dict(wanted | {name: torch.from_numpy(np.array(values)) for name, values in given.items()})


def _other(words: str) -> ModuleError:
    return ModuleError("other_weights", words, port="weights", remedy=AMONG)
