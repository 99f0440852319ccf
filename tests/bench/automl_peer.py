"""One peer of `tests.bench.automl`, run by the interpreter of its own environment: trains in the seconds, and prints the loss on the kept rows."""

import json
import sys
import tempfile
import time

import numpy as np
import polars as pl
from scipy.stats import rankdata


def main(peer, folder, label, metric, seconds):
    """Print loss, seconds and the winner as JSON."""
    seen, kept = (pl.read_parquet(f"{folder}/{name}.parquet").to_pandas() for name in ("seen", "kept"))
    for frame in (seen, kept):
        for column in frame.select_dtypes(exclude="number").columns:
            frame[column] = frame[column].astype(object)
    started = time.perf_counter()
    found, classes, note = {"flaml": flaml, "autogluon": autogluon}[peer](seen, kept, label, metric, seconds)
    took = time.perf_counter() - started
    print(json.dumps({"loss": loss(kept[label].to_numpy(), np.asarray(found), classes, metric), "seconds": took, "note": note}))


def flaml(seen, kept, label, metric, seconds):
    """Predictions of FLAML."""
    from flaml import AutoML  # noqa: PLC0415  each peer has its own libraries

    number = metric == "root_mean_squared_error"
    automl = AutoML()
    settings = {"metric": {"auc": "roc_auc", "log_loss": "log_loss"}.get(metric, "rmse"), "verbose": 0, "n_jobs": 2}
    automl.fit(seen.drop(columns=label), seen[label], task="regression" if number else "classification", time_budget=seconds, **settings)
    features = kept.drop(columns=label)
    return (
        automl.predict(features) if number else automl.predict_proba(features),
        None if number else list(automl.classes_),
        automl.best_estimator,
    )


def autogluon(seen, kept, label, metric, seconds):
    """Predictions of AutoGluon's best preset."""
    from autogluon.tabular import TabularPredictor  # noqa: PLC0415

    number = metric == "root_mean_squared_error"
    with tempfile.TemporaryDirectory() as home:
        wanted = {"auc": "roc_auc", "log_loss": "log_loss"}.get(metric, metric)
        predictor = TabularPredictor(label, eval_metric=wanted, path=home, verbosity=0)
        predictor.fit(seen, time_limit=seconds, presets="best_quality", num_cpus=2)
        features = kept.drop(columns=label)
        if number:
            return predictor.predict(features), None, predictor.model_best
        chances = predictor.predict_proba(features)
        return chances, list(chances.columns), predictor.model_best


def loss(truth, found, classes, metric):
    """The loss: RMSE, log loss, or minus the AUC of the later class."""
    if classes is None:
        return float(np.sqrt(np.mean((truth - found) ** 2)))
    if metric == "log_loss":
        own = found[np.arange(len(truth)), [classes.index(each) for each in truth]]
        return float(-np.mean(np.log(np.clip(own, 1e-15, None))))
    last = max(classes)
    positive = truth == last
    ranks = rankdata(found[:, classes.index(last)])
    return -float((ranks[positive].sum() - positive.sum() * (positive.sum() + 1) / 2) / (positive.sum() * (~positive).sum()))


if __name__ == "__main__":
    main(*sys.argv[1:5], float(sys.argv[5]))
