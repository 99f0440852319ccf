"""ResNet: torchvision's networks."""

import numpy as np
import pytest

from tests.pipelines.modules.vision.pictures import needs_torch
from tests.support.module_runner import only

pytestmark = needs_torch
ID = "vision.resnet"


@pytest.mark.slow
@pytest.mark.parametrize("zero", [True, False])
def test_it_is_torchvisions_network(zero):
    import torch
    from torchvision.models import resnet18

    from pipelines.modules.vision._architectures import build

    found, plain = {}, {}
    for into, make in (
        (found, lambda: build(only(ID, {"architecture": "resnet18", "zero_init_residual": zero}), 3)),
        (plain, lambda: resnet18(num_classes=3, zero_init_residual=zero)),
    ):
        torch.manual_seed(2)
        into |= make().state_dict()
    assert all(np.array_equal(found[name], plain[name]) for name in plain)
    assert bool((found["layer1.0.bn2.weight"] == 0).all()) is zero


@pytest.mark.slow
def test_every_architecture_is_one_of_torchvision():
    import torch
    from torchvision.models import get_model

    from pipelines.modules.vision._architectures import head_of
    from pipelines.modules.vision.resnet import TITLES

    with torch.device("meta"):  # without memory for the weights
        for name in TITLES:
            heads = [weight for weight in get_model(name, num_classes=4).state_dict() if weight.startswith(head_of(name))]
            assert heads == ["fc.weight", "fc.bias"]
