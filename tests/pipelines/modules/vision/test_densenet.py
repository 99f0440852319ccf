"""DenseNet: torchvision's network, and weights that users bring."""

import io
import pickle
import re

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.vision.pictures import needs_torch
from tests.support.module_runner import only

pytestmark = [needs_torch, pytest.mark.slow]
ID = "vision.densenet"
OF = {"architecture": "densenet121"}


def saved(state):
    import torch

    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


def archive(**files):
    """The dataset of a ZIP archive."""
    rows = [(name.replace("_pth", ".pth"), len(content), content) for name, content in files.items()]
    return pl.DataFrame(rows, schema={"path": pl.String, "bytes": pl.Int64, "content": pl.Binary}, orient="row")


@pytest.fixture(scope="module")
def state():
    """Weights of a DenseNet-121 for seven classes."""
    import torch
    from torchvision.models import densenet121

    torch.manual_seed(5)
    return densenet121(num_classes=7).state_dict()


def built(network, classes):
    import torch

    from pipelines.modules.vision._architectures import build

    torch.manual_seed(11)
    return build(network, classes).state_dict()


def same(one, other, but=""):
    return all(np.array_equal(one[name], other[name]) for name in other if not but or not name.startswith(but))


def test_it_is_torchvisions_network():
    import torch
    from torchvision.models import densenet121

    torch.manual_seed(11)
    plain = densenet121(num_classes=3, memory_efficient=True).state_dict()
    assert same(built(only(ID, OF | {"memory_efficient": True}), 3), plain)


def test_weights_are_those_of_the_file_and_the_last_layer_fits_the_classes(state):
    given = only(ID, OF, weights=archive(readme=b"", w_pth=saved(state)))
    assert same(built(given, 7), state)
    fresh = built(given, 3)
    assert same(fresh, state, but="classifier.") and fresh["classifier.weight"].shape == (3, 1024)


def test_files_of_other_programs_are_read(state, notes):
    """Within a checkpoint, of several processors, with the names of 2017, without counters and last layer."""
    former = {
        "module." + re.sub(r"\.(norm|relu|conv)(\d)\.", r".\1.\2.", name) if "denselayer" in name else "module." + name: values
        for name, values in state.items()
        if not name.startswith("classifier.") and not name.endswith("num_batches_tracked")
    }
    given = only(ID, OF, weights=archive(w_pth=saved({"epoch": 3, "state_dict": former})))
    assert same({**state, **given.arrays}, state) and len(given.arrays) == len(former)
    assert any("last layer" in line for line in notes)


def test_weights_of_something_else_are_refused(state):
    def at(code, settings=OF, **files):
        return refuses(ID, settings, code, weights=archive(**files)).words

    assert "lack “features" in at("other_weights", {"architecture": "densenet169"}, w_pth=saved(state))
    assert "have “more”" in at("other_weights", w_pth=saved(state | {"more": state["features.conv0.weight"]}))
    wide = {"features.conv0.weight": state["features.conv0.weight"][:32]}
    assert "another size" in at("other_weights", w_pth=saved(state | wide))
    broken = {"features.conv0.weight": state["features.conv0.weight"] * float("nan")}
    assert "missing or infinite" in at("other_weights", w_pth=saved(state | broken))


class Evil:
    def __reduce__(self):
        return print, ("executed",)


def test_what_is_no_file_of_weights_is_refused_and_no_code_is_executed(state, capsys):
    for content in (
        b"",
        b"PK\x03\x04 damaged",
        saved(state)[:5000],
        pickle.dumps(Evil()),
        saved({"a": Evil()}),
        saved([1, 2]),
        saved({"a": 1}),
    ):
        assert "w.pth" in refuses(ID, OF, "not_weights", weights=archive(w_pth=content)).words
    assert "executed" not in capsys.readouterr().out
    for table in (archive(), archive(a_pth=b"", b_pth=b""), pl.DataFrame({"x": [1]})):
        refuses(ID, OF, "not_weights", weights=table)
