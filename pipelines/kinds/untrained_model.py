"""Untrained models: configured learners, in the same files as trained ones."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.kind import FileKind
from pipelines.catalogue.ports import UntrainedModel
from pipelines.kinds.model import COLOURS, DOWNLOADS, check_untrained, load_model, save_model

KIND = FileKind[Any](
    types=(UntrainedModel,),
    title="untrained model",
    example="regression.linear_regression",
    shown_in="evaluation.evaluate_model",
    icon="M6 1.4 10.6 6 6 10.6 1.4 6Z",
    hollow=True,
    colours=COLOURS,
    downloads=DOWNLOADS,
    output="model",
    write=save_model,
    read=load_model,
    check=check_untrained,
)
