"""Detectors of anomalies: rows on a common scale, without a label."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.modelling.clusters import dense
from pipelines.modelling.encoders import distance_columns
from pipelines.modelling.family import Family, TrainingData


def _fit(learner: Any, data: TrainingData) -> Any:
    from scipy.sparse import issparse
    from sklearn.utils import get_tags
    from sklearn.utils.validation import has_fit_parameter

    matrix, weights = data.matrix, {}
    if issparse(matrix) and (hasattr(learner, "n_components") or not get_tags(learner).input_tags.sparse):
        matrix = dense(matrix)
    _check(learner, *matrix.shape)
    if data.weights is not None:
        if has_fit_parameter(learner, "sample_weight"):
            weights["sample_weight"] = data.weights
        else:
            log(f"Row weights are not used: {type(learner).__name__} does not support them.", "warning")
    return learner.fit(matrix, **weights)


def _check(learner: Any, rows: int, columns: int) -> None:
    components, neighbors = getattr(learner, "n_components", 0), getattr(learner, "n_neighbors", 0)
    if components >= columns or components > rows:
        raise ModuleError(
            "too_many_components",
            f"{counted(components, 'component')} of {counted(rows, 'row')} and {counted(columns, 'encoded column')} leave no error to measure.",
            port="table",
            remedy="Set fewer components than there are columns and at most as many as rows, or add columns.",
        )
    if neighbors >= rows:
        raise ModuleError(
            "too_few_rows",
            f"{counted(neighbors, 'neighbor')} need more training rows than that, but there {'is' if rows == 1 else 'are'} {rows}.",
            port="table",
            remedy="Set fewer neighbors, or add rows.",
        )


FAMILY = Family(
    "anomaly",
    encode=distance_columns,
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
)
