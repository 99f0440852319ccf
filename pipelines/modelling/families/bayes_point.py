"""The classifier in the middle of many perceptrons: a class of Easel on scikit-learn's."""

from __future__ import annotations

from dataclasses import replace

from pipelines.modelling.families import scikit_learn

FAMILY = replace(
    scikit_learn.FAMILY,
    name="bayes_point",
    warm=("sklearn.linear_model",),
    trusted=("pipelines.modelling.bayes_point.BayesPointMachine",),
)
