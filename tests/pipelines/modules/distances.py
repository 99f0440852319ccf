"""The matrix that learners of distances are documented to see, by hand, and some cars to compare on it."""

from collections import Counter

import numpy as np
import polars as pl

from tests.pipelines.modules.matrices import columns, kept
from tests.support import reference_scripts
from tests.support.module_runner import run

TRAIN = "training.train_clustering"


def cars():
    """Cars to train on and others to score."""
    return reference_scripts.cars()


def distance_matrix(train, frame, scaling="z_score"):
    """Numbers, filled with the mean and scaled; then a column for each text, one for those that are missing; columns with gaps are later."""
    numbers, texts = columns(train, None)
    parts = []
    for name in numbers:
        known = train[name].cast(float)
        filled, scale = frame[name].cast(float).fill_null(known.mean()).to_numpy(), known.fill_null(known.mean()).to_numpy()
        low, width = {"z_score": (scale.mean(), scale.std()), "min_max": (scale.min(), np.ptp(scale)), "none": (0, 1)}[scaling]
        parts.append((filled - low) / width)
    for name in sorted(texts, key=lambda name: (train[name].n_unique() > 100, train[name].null_count() > 0)):
        known, here = (each[name].fill_null("(missing)") if train[name].null_count() else each[name] for each in (train, frame))
        parts += [(here == value).fill_null(False).to_numpy().astype(float) for value in kept(known)]
    return np.column_stack(parts)


def by_size(labels):
    """The new number of each cluster: the largest first, of equally large ones the one that occurs first."""
    counts = Counter(labels)
    firsts = {label: list(labels).index(label) for label in counts}
    order = sorted((label for label in counts if label >= 0), key=lambda label: (-counts[label], firsts[label]))
    return {label: place for place, label in enumerate(order)}


def clustered(id, settings=None, table=None, **training):
    """The model of some cars and the assigned cars."""
    return run(TRAIN, training, untrained=run(id, settings or {})["model"], table=cars()[0] if table is None else table)


def assignments(table):
    """The cluster of each row, -1 for none."""
    return table.frame["Assignments"].fill_null(-1).to_list()


def distances(table):
    """The distances to the centres."""
    return table.frame.select(pl.col("^DistancesToClusterCenter no.*$")).to_numpy()
