"""The forest that predicts quantiles: scikit-learn's trees, and a class of Easel that keeps the labels of their leaves."""

from __future__ import annotations

from dataclasses import replace

from pipelines.modelling.families import scikit_learn

FAMILY = replace(
    scikit_learn.FAMILY,
    name="quantile_forest",
    warm=("sklearn.ensemble",),
    trusted=("pipelines.modelling.quantile_forest.QuantileForest", "scipy.sparse._csr.csr_matrix"),
)
