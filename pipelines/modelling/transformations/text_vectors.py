"""The mean of the vectors of a text's words; shared by the text shelf and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modelling.transformations.n_grams import Pieces, count
from pipelines.modelling.words import documents, need_texts, new_columns


@applies("text_vectors")
def add_text_vectors(table: Table, state: Mapping[str, Any]) -> Table:
    """Append the mean vector of the known words of each text, or of each occurrence of them; missing where a text has none."""
    column, names = state["column"], state["names"]
    needed(table, [column])
    need_texts(table.frame, [column], param="column")
    counts = count(documents(table.frame, column), Pieces(**state["pieces"]), state["words"]).matrix
    words = np.asarray(counts.sum(axis=1)).ravel()
    if table.frame.height and (lost := int((words == 0).sum())):
        log(f"{counted(lost, 'text')} without a known word {'has' if lost == 1 else 'have'} no vector.", "warning")
    with np.errstate(invalid="ignore"):
        means = (counts @ np.asarray(state["vectors"], dtype=float)) / words[:, None]
    made = (pl.Series(name, means[:, at].copy()).fill_nan(None) for at, name in enumerate(names))
    return table.with_frame(new_columns(table.frame, made))
