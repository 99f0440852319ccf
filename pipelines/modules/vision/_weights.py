"""Weights that users bring: a file of torch in a dataset, read without executing code."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.image_network import ImageNetwork
from pipelines.modules.vision._architectures import fitting_arrays, head_of

if TYPE_CHECKING:
    from torch import Tensor

PATH, CONTENT = "path", "content"
ENDINGS = r"(?i)\.(pt|pth|bin)$"
WITHIN = ("state_dict", "model_state_dict", "model")  # where training programs put the weights among other things
REMEDY = 'Save the weights with torch.save(model.state_dict(), "weights.pth"), put the file into a ZIP archive, and upload it as a dataset.'


def with_weights(network: ImageNetwork, weights: Table | None) -> ImageNetwork:
    """Return a network that starts from the weights of a dataset, if there is one.

    Raises:
        ModuleError: `not_weights` or `other_weights`.
    """
    if weights is None:
        return network
    name, content = _file(weights)
    arrays = fitting_arrays(network, _state(name, content))
    held = sum(values.size for values in arrays.values())
    log(f"{network.name} starts from “{name}”: {counted(held, 'number')} in {counted(len(arrays), 'array')}.")
    if not any(each.startswith(head_of(network.architecture)) for each in arrays):
        log("The file has no weights of the last layer, which starts at random.")
    return ImageNetwork(network.name, network.architecture, network.options, arrays)


def _file(table: Table) -> tuple[str, bytes]:
    """The only file of torch in a table of files."""
    schema = table.frame.schema
    if schema.get(PATH) != pl.String or schema.get(CONTENT) != pl.Binary:
        raise _bad("The dataset is no ZIP archive: it does not have the columns path and content.")
    found = table.frame.filter(pl.col(PATH).str.contains(ENDINGS))
    if found.height != 1:
        raise _bad(f"The dataset has {counted(found.height, 'file')} of weights (.pt, .pth or .bin), not one.")
    name, content = found.select(PATH, CONTENT).row(0)
    return name, content or b""


def _state(name: str, content: bytes) -> Mapping[str, Tensor]:
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickles of other programs, which are refused below if they cannot be read
            held: Any = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as wrong:  # of the archive, of pickle, or of a type that is not allowed
        raise _bad(f"“{name}” cannot be read as weights: it is damaged, or holds more than arrays.") from wrong
    for key in WITHIN:
        if isinstance(held, Mapping) and isinstance(held.get(key), Mapping):
            held = held[key]
    if not isinstance(held, Mapping) or not held or not all(isinstance(values, torch.Tensor) for values in held.values()):
        raise _bad(f"“{name}” holds no weights by name.")
    return held


def _bad(words: str) -> ModuleError:
    return ModuleError("not_weights", words, port="weights", remedy=REMEDY)
