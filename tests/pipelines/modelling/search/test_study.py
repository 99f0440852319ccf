"""The rule that chooses the next trial."""

import random
from collections import Counter
from math import log
from statistics import median

import pytest

from pipelines.catalogue.items import Failure, ItemResult, Trial
from pipelines.modelling.search.samplers import Told
from pipelines.modelling.search.space import space_of
from pipelines.modelling.search.study import WAVE, Limits, Study, run_of
from tests.support.module_runner import only


@pytest.fixture(scope="module")
def space():
    return space_of(only("classification.two_class_logistic_regression"), {"l2_weight": "loguniform(0.01, 100)"})


def score(item):
    return -abs(item.content["settings"]["l2_weight"] - 3) * item.content["share"]


def value(item, score=score):
    found = score(item)
    if isinstance(found, str):
        return ItemResult(item.key, failure=Failure(found, "It failed.", "Help."), seconds=1.0)
    return ItemResult(item.key, {"score": found, "folds": [found], "state": "done"}, seconds=item.content["share"])


def carried_out(study, at_once=1, seed=0, score=score, left=lambda trials: None):
    """What an engine with so many workers makes of a study; which trial ends first is drawn."""
    source, trials = random.Random(seed), []
    while True:
        running = [place for place, trial in enumerate(trials) if trial.result is None]
        item = study.ask(trials, left(trials)) if len(running) < at_once else None
        if item is not None:
            assert item.key not in {trial.item.key for trial in trials}
            trials.append(Trial(item))
        elif running:
            place = source.choice(running)
            trials[place] = Trial(trials[place].item, value(trials[place].item, score))
        else:
            return trials


def told(trials):
    return [(trial.item.key, trial.item.content) for trial in trials]


def study(space, trials=12, **more):
    limits = {name: more.pop(name) for name in ("patience", "target") if name in more}
    return Study(space, more.pop("sampler", "bayesian"), "high", Limits(trials, **limits), **more)


@pytest.mark.parametrize("shares", [(1.0,), (1 / 9, 1 / 3, 1.0)])
def test_repeatable_trials_are_the_same_for_any_number_of_workers(space, shares):
    searches = study(space, trials=14, shares=shares, factor=3)
    alone = told(carried_out(searches))
    for seed in range(3):
        assert told(carried_out(searches, at_once=4, seed=seed)) == alone
    assert told(carried_out(searches, at_once=2, seed=9)) == alone
    assert len({key.split()[1] for key, _ in alone}) == 14


def test_the_first_trial_is_the_learner_as_it_is_and_a_wave_does_not_wait_inside(space):
    searches, trials = study(space), []
    for _ in range(WAVE):
        trials.append(Trial(searches.ask(trials, None)))
    assert trials[0].item.content["settings"] == {"l2_weight": 1.0}
    assert searches.ask(trials, None) is None


def test_a_fast_search_does_not_wait(space):
    trials = []
    for _ in range(9):
        trials.append(Trial(study(space, repeatable=False).ask(trials, None)))
    assert len({trial.item.key for trial in trials}) == 9


def test_successive_halving_promotes_as_the_definition_says(space):
    """With one worker and results at once, ASHA of L. Li et al. (2020), algorithm 2, written down plainly."""
    shares, factor = (1 / 16, 1 / 4, 1.0), 4
    found = told(carried_out(study(space, trials=40, sampler="random", shares=shares, factor=factor, repeatable=False)))
    rungs, promoted, plain, fresh = {share: {} for share in shares}, Counter(), [], 0
    settings = {int(key.split()[1]): content["settings"] for key, content in found}
    while True:
        move = None
        for rung in (1, 0):
            here, after = shares[rung], shares[rung + 1]
            best = sorted(rungs[here], key=lambda number: -rungs[here][number])[: len(rungs[here]) // factor]
            move = move or next(((number, after) for number in best if not promoted[number, after]), None)
        if move is None and fresh < 40:
            move, fresh = (fresh, shares[0]), fresh + 1
        if move is None:
            break
        promoted[move] += 1
        rungs[move[1]][move[0]] = -abs(settings[move[0]]["l2_weight"] - 3) * move[1]
        plain.append(move)
    assert [(int(key.split()[1]), content["share"]) for key, content in found] == plain
    assert Counter(content["share"] for _, content in found)[1 / 16] == 40


def test_the_best_goes_on_alone_when_there_are_too_few_to_halve(space):
    found = told(carried_out(study(space, trials=3, shares=(0.25, 1.0), repeatable=False)))
    assert [content["share"] for _, content in found] == [0.25, 0.25, 0.25, 1.0]


def test_only_the_largest_share_is_compared(space):
    searches = study(space, shares=(0.25, 1.0), repeatable=False)
    runs = [run_of(trial) for trial in carried_out(searches)]
    assert searches.best(runs).share == 1


def test_limits_end_a_search(space):
    assert len(carried_out(study(space, trials=5))) == 5
    flat = carried_out(study(space, trials=50, patience=6, repeatable=False), score=lambda item: 1.0)
    assert len(flat) == 7
    reached = carried_out(study(space, trials=50, target=-2.5, repeatable=False))
    assert run_of(reached[-1]).score >= -2.5 and all(run_of(trial).score < -2.5 for trial in reached[:-1])


def test_failures_do_not_end_a_search_but_ten_in_a_row_with_one_code_do(space):
    def some(item):
        number = int(item.key.split()[1])
        return "too_deep" if number % 3 else score(item)

    assert len(carried_out(study(space, trials=15), score=some)) == 15
    mixed = carried_out(study(space, trials=30, repeatable=False), score=lambda item: f"code_{int(item.key.split()[1]) % 2}")
    assert len(mixed) == 30
    assert len(carried_out(study(space, trials=50, repeatable=False), score=lambda item: "too_deep")) == 10


def test_no_trial_starts_that_would_end_after_the_deadline(space):
    budget = 5.5
    spent = lambda trials: budget - sum(trial.result.seconds for trial in trials if trial.result)  # noqa: E731
    assert len(carried_out(study(space, trials=50, repeatable=False), left=spent)) == 5
    assert len(carried_out(study(space, trials=50, repeatable=False, refit=1.2), left=spent)) == 4


def test_a_higher_limit_goes_on_with_the_same_trials(space):
    for halving in ({}, {"shares": (0.25, 1.0)}):
        short, long = (told(carried_out(study(space, trials=count, repeatable=True, **halving))) for count in (8, 16))
        same = len([1 for key in dict(short) if dict(short)[key] == dict(long).get(key)])
        assert same == len(short) if not halving else same >= 8


def test_an_earlier_search_is_told_and_its_best_is_tried_again(space):
    tried = [space.over["l2_weight"].at(share / 24) for share in range(25)]
    earlier = sorted((Told({"l2_weight": each}, -abs(each - 3)) for each in tried), key=lambda one: -one.score)

    def off(known):
        trials = carried_out(study(space, trials=10, repeatable=False, earlier=known))
        return trials, median(abs(log(trial.item.content["settings"]["l2_weight"] / 3)) for trial in trials[2:])

    with_it, near = off(earlier)
    assert with_it[1].item.content["settings"] == earlier[0].settings
    assert near < off(())[1]


def test_a_race_hands_over_the_folds_of_the_best(space):
    trials = carried_out(study(space, trials=6, repeatable=False, race=True))
    assert "best" not in trials[0].item.content
    assert trials[1].item.content["best"] == list(run_of(trials[0]).folds)


def test_a_grid_ends_with_its_last_point(space):
    assert len(carried_out(study(space, trials=50, sampler="grid", points=5))) == 6


@pytest.mark.parametrize("sampler", ["bayesian", "random"])
@pytest.mark.parametrize("repeatable", [True, False])
def test_settings_are_tried_once_and_a_search_without_others_ends(sampler, repeatable):
    few = space_of(only("classification.two_class_logistic_regression"), {"l2_weight": "1; 2; 3"})
    searches = study(few, trials=40, sampler=sampler, repeatable=repeatable)
    alone = told(carried_out(searches))
    assert sorted(content["settings"]["l2_weight"] for _, content in alone) == [1, 2, 3]
    if repeatable:
        assert told(carried_out(searches, at_once=4, seed=1)) == alone


def test_the_score_of_kept_trees_is_that_of_as_many():
    trees = space_of(only("classification.two_class_boosted_trees"), {})
    item = Study(trees, "random", "high", Limits(3)).ask([], None)
    run = run_of(Trial(item, ItemResult(item.key, {"score": 0.5, "trees": 37})))
    assert run.settings["trees"] == 100 and run.found == {**run.settings, "trees": 37}
