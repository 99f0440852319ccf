"""The search for a forecast, on a clock of its own."""

import pytest

from pipelines.catalogue.items import Failure, ItemResult, Trial
from pipelines.modelling.automl.history import ALL, History
from pipelines.modelling.automl.strategy import Limits
from pipelines.modelling.forecasting.portfolio import NAMES, groups
from pipelines.modelling.forecasting.strategy import ForecastSearch

ORIGINS = 3
PER_SERIES = {
    "baseline": 0.0001,
    "linear_on_lags": 0.002,
    "boosted_trees_on_lags": 0.01,
    "theta": 0.02,
    "exponential_smoothing": 0.3,
    "arima": 0.5,
}


def plan(series=4, seconds=60.0, names=NAMES, **limits):
    found = [group for group in groups(52, 8, series, 100 * series * ORIGINS, is_dated=True, is_rare=False, seed=0) if group.name in names]
    return ForecastSearch(found, series, ORIGINS, Limits(seconds, **limits), trainings=4)


def taken(content, series):
    some = content["share"] * series or series * ORIGINS
    return 0.01 + PER_SERIES.get(content["learner"], 0.05) * some


def loss_of(content):
    """Fewer leaves and fewer lags are better here, and methods differ."""
    settings = content["settings"]
    return NAMES.index(content["learner"]) + settings.get("regressor.leaves", 8) / 100 + len(str(settings.get("lags", "1-3"))) / 50


def ended(item, seconds, loss=None, code=""):
    whole = {"loss": loss, "losses": [loss] * ORIGINS, "fit": seconds / ORIGINS}
    failure = Failure(code, "No.") if code else None
    return Trial(item, ItemResult(item.key, None if code else whole, failure, seconds))


def searched(search, loss=loss_of, code=lambda content: ""):
    """All trials of a search with one worker, and the seconds left at its end."""
    trials, left = [], search.limits.seconds
    while len(trials) < 80 and left > 0 and (item := search.ask(trials, left)):
        seconds = taken(item.content, search.series)
        left -= seconds
        trials.append(ended(item, seconds, loss(item.content), code(item.content)))
    return trials, left


@pytest.mark.parametrize(("series", "seconds"), [(1, 10), (4, 60), (50, 60), (2_000, 60), (2_000, 600)])
def test_it_ends_in_time_and_something_is_judged_on_all_series(series, seconds):
    search = plan(series, seconds, patience=None)
    trials, left = searched(search)
    history = History.of(trials)
    assert history.done and left > -0.2 * seconds
    assert len({trial.item.key for trial in trials}) == len(trials)


def test_of_many_series_slow_methods_are_tried_on_few_and_stay_there_where_the_time_is_over():
    trials, _ = searched(plan(2_000, 60, patience=None))
    shares = {(trial.item.content["learner"], trial.item.content["share"] == ALL) for trial in trials}
    assert {("arima", False), ("boosted_trees_on_lags", False), ("linear_on_lags", True), ("baseline", True)} <= shares
    assert ("arima", True) not in shares and ("baseline", False) not in shares


def test_of_few_series_every_start_is_judged_on_all_and_moves_find_better_settings():
    search = plan(4, 600, patience=40)
    trials, _ = searched(search)
    history = History.of(trials)
    starts = sum(len(group.starts) for group in search.groups)
    assert search.untried(history) == 0 and {trial.item.content["share"] for trial in trials} == {ALL}
    best = {
        learner: min(each.loss for each in history.done if each.learner == learner)
        for learner in ("linear_on_lags", "boosted_trees_on_lags")
    }
    first = History.of(trials[:starts])
    assert all(loss < min(each.loss for each in first.done if each.learner == learner) for learner, loss in best.items())


def test_the_same_history_gives_the_same_next_trial_and_those_side_by_side_differ():
    search = plan()
    trials, _ = searched(plan(candidates=16))
    assert search.ask(trials, 30.0) == search.ask(trials, 30.0)
    running = []
    for _ in range(6):
        running.append(Trial(search.ask([*trials, *running], 30.0), None))
    settings = [(trial.item.content["learner"], str(trial.item.content["settings"])) for trial in running]
    assert len(set(settings)) == 6


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"candidates": 5}, "5 candidates were tried."),
        ({"target": 100.0}, "The score that suffices was reached."),
        ({"patience": 3}, "3 candidates brought no gain."),
        ({"seconds": 1.0, "patience": None}, "The time was over."),
        ({"names": ("theta",)}, "All methods were tried."),
    ],
)
def test_it_says_why_it_ended(limits, said):
    search = plan(**limits)
    trials, _ = searched(search)
    assert search.ended(History.of(trials)) == said


def test_failures_do_not_end_it_but_only_the_same_one_does():
    trials, _ = searched(plan(candidates=20), code=lambda content: "odd" if content["learner"] == "arima" else "")
    assert History.of(trials).done
    failing = plan()
    trials, _ = searched(failing, code=lambda content: "odd")
    assert len(trials) == 10 and "odd" in failing.ended(History.of(trials))


def test_every_start_and_every_value_that_is_moved_to_makes_a_method():
    for group in groups(52, 8, 3, 900, is_dated=True, is_rare=True, seed=3):
        if group.regressor:
            values = [{**group.starts[0], name: value} for name, some in group.choices.items() for value in some]
            assert all(group.method(settings).learner is not None for settings in values)
        assert all(group.method(settings).name for settings in group.starts)
