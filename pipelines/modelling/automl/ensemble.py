"""Ensembles: weights for the mean of several models' predictions, chosen greedily on rows that the models were not trained on.

Source: R. Caruana, A. Niculescu-Mizil, G. Crew, A. Ksikes, "Ensemble selection from libraries of models", ICML 2004.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

FEWEST_FOLDS, WORSE = 2, 0.1  # of a comparison that refuses something
MOST_PICKS, FEW_PICKS = 40, 12
Loss = Callable[[np.ndarray, np.ndarray], float]  # (places of rows, their predictions) -> the loss
# (places of other rows, places of rows, predictions of all) -> the loss of the rows, with all that is chosen by rows, such as a threshold, chosen by the others
Apart = Callable[[np.ndarray, np.ndarray, np.ndarray], float]


def greedy(predictions: Sequence[np.ndarray], rows: np.ndarray, loss: Loss, picks: int = MOST_PICKS) -> dict[int, int]:
    """Return how often each model is picked, by place.

    Each pick adds the model that lowers the loss of the mean most; a model may be picked again. The picks up to the first lowest loss count, and
    among equals one that is in already is preferred.

    Args:
        predictions: Of each model, for all rows.
        rows: The places of the rows to judge by.
        loss: The loss of predictions for rows.
        picks: How many at most.
    """
    chosen: list[int] = []
    total = np.zeros_like(predictions[0][rows], dtype=float)
    losses: list[float] = []
    parts = [each[rows].astype(float) for each in predictions]
    for count in range(1, picks + 1):
        found = [(loss(rows, (total + part) / count), place not in chosen, place) for place, part in enumerate(parts)]
        least, _, place = min(found)
        chosen.append(place)
        losses.append(least)
        total += parts[place]
        if count > 10 and min(losses[-8:]) >= min(losses[:-8]) - 1e-12:
            break
    best = chosen[: int(np.argmin(losses)) + 1]
    return {place: best.count(place) for place in dict.fromkeys(best)}


def blended(predictions: Sequence[np.ndarray], weights: Mapping[int, int]) -> np.ndarray:
    """Return the weighted mean of predictions."""
    places = list(weights)
    return np.average([predictions[place].astype(float) for place in places], axis=0, weights=[weights[place] for place in places])


def chosen_weights(
    predictions: Sequence[np.ndarray], parts: Sequence[np.ndarray], loss: Loss, picks: int = MOST_PICKS, apart: Apart | None = None
) -> dict[int, int]:
    """Return the weights of a blend, but the first model alone if a blend is clearly worse on rows that did not choose it.

    The first model is the best alone. Each fold is judged by a blend that the others choose, beside a single model that the others choose, since the
    best one of all folds is flattered by the choice. A mean of models that err on different rows is seldom worse, so it takes a paired t-test to refuse it.

    Args:
        predictions: Of each model, the best first.
        parts: The places of the rows of each fold.
        loss: The loss of predictions for rows.
        picks: How many picks at most.
        apart: The loss of a fold, where others choose more than the blend.
    """
    if len(predictions) < 2:
        return {0: 1}
    judged = parts if len(parts) > 1 else [parts[0][::2], parts[0][1::2]]
    single = left_out_losses(predictions, judged, loss, picks=1, apart=apart)
    if is_worse(left_out_losses(predictions, judged, loss, apart=apart), single):
        return {0: 1}
    return greedy(predictions, np.concatenate(list(parts)), loss, picks)


def left_out_losses(
    predictions: Sequence[np.ndarray], parts: Sequence[np.ndarray], loss: Loss, picks: int = FEW_PICKS, apart: Apart | None = None
) -> list[float]:
    """Return the loss of each fold by a blend that the other folds chose: what a choice among many models promises too much is not in it."""
    found = []
    for place, part in enumerate(parts):
        others = np.concatenate([other for at, other in enumerate(parts) if at != place])
        together = blended(predictions, greedy(predictions, others, loss, picks))
        found.append(loss(part, together[part]) if apart is None else apart(others, part, together))
    return found


def is_worse(losses: Sequence[float], others: Sequence[float]) -> bool:
    """Return whether losses of folds are higher than those of another candidate on the same folds, by a paired t-test (one-sided, p < 0.1)."""
    from scipy.stats import ttest_1samp

    more = np.subtract(losses, others)
    if len(more) < FEWEST_FOLDS or more.mean() <= 0:
        return False
    return bool(np.ptp(more) == 0 or ttest_1samp(more, 0.0, alternative="greater").pvalue < WORSE)
