"""Comparison of a detector with scikit-learn, which is called on a matrix that is made by hand."""

import numpy as np

from tests.pipelines.modules.distances import cars, distance_matrix
from tests.support.module_runner import only


def detected(id, settings=None, share=0.1, **training):
    """The model of some cars and its scores of the others."""
    train, test = cars()
    model = only("training.train_anomaly_detection", {"share": share, **training}, untrained=only(id, settings or {}), table=train)
    return model, only("scoring.score_model", model=model, table=test).frame


def matrices(scaling="z_score"):
    """The matrix of the training cars and that of the others."""
    train, test = cars()
    return [distance_matrix(train, frame, scaling) for frame in (train, test)]


def is_what_the_library_detects(id, plain, settings=None, share=0.1):
    """Compare scores and flags with those of an estimator that is fitted by hand with a contamination."""
    x, new = matrices((settings or {}).get("scaling", "z_score"))
    model, scored = detected(id, settings, share)
    plain.fit(x)
    np.testing.assert_allclose(scored["Anomaly Score"], -plain.score_samples(new), atol=1e-9, rtol=1e-9)
    assert scored["Scored Labels"].to_list() == (plain.predict(new) == -1).tolist()
    return model
