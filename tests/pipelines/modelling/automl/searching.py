"""A search whose trials cost and lose as a function says, on a clock of its own."""

from pipelines.catalogue.items import Failure, ItemResult, Trial
from pipelines.modelling.automl.history import ALL, History
from pipelines.modelling.automl.portfolio import LEARNERS, STACKING, starts
from pipelines.modelling.automl.strategy import Limits, Search

SEEDED = frozenset({"classification.two_class_boosted_trees"})


def a_search(seconds=60.0, rows=4_000, folds=5, learners=LEARNERS, **limits):
    """A search for two classes over all learners."""
    stacking = next((each for each in learners if each.name == STACKING), None)
    found = starts("two_class", "auc", rows, learners, SEEDED, 0)
    return Search(found, rows, folds, Limits(seconds, **limits), 0.08 * seconds, stacking=stacking)


def loss_of(about):
    """A loss with one best place of the settings, worse with fewer rows."""
    place = sum(abs(hash_of(name, value)) for name, value in about["settings"].items() if isinstance(value, int | float))
    best = {"boosted_trees": 0.20, "xgboost": 0.22, "linear": 0.25}.get(about["learner"], 0.3)
    return best + 0.01 * place + (0.1 * (1 - about["share"]) if about["share"] != ALL else 0.0)


def hash_of(name, value):
    """How far a value is from the best one of its setting."""
    return {"leaves": (value - 25) / 100, "learning_rate": value - 0.03}.get(name, 0.0)


def searched(search, seconds=0.2, loss=loss_of, fails=lambda about: None):
    """The trials of a search, and the seconds that are left when it ends; `seconds` is a fit on all rows of a fold."""
    left, trials = search.limits.seconds - search.reserve, []
    while left > 0 and (item := search.ask(trials, left)):
        about = item.content
        cost = seconds(about) if callable(seconds) else seconds
        took = cost * (search.folds if about["share"] == ALL else max(about["share"], 0.05))
        left -= took
        failure = fails(about)
        figures = None if failure else {"loss": loss(about), "trees": 50 if about["stops"] else None, "folds": search.folds}
        if figures and about["share"] == ALL:
            figures |= {"losses": [figures["loss"]] * search.folds, "fit": cost}
        trials.append(Trial(item, ItemResult(item.key, figures, failure and Failure(failure, "It failed."), took)))
        assert len(trials) < 5_000
    return trials, left, History.of(trials)
