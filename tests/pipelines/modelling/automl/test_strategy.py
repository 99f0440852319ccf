"""A search tries the starts, races, validates, moves, and ends in time; it is a pure function of its history."""

import pytest

from pipelines.catalogue.items import Trial
from pipelines.modelling.automl.history import ALL, History, counted_trials
from pipelines.modelling.automl.portfolio import LEARNERS
from tests.pipelines.modelling.automl.searching import a_search, searched


@pytest.mark.parametrize("seconds", [0.002, 0.4, 2.0])
@pytest.mark.parametrize("rows", [300, 4_000, 60_000])
def test_it_ends_in_time_with_the_final_trainings_paid_for(seconds, rows):
    search = a_search(rows=rows, patience=None, candidates=200)
    _trials, left, history = searched(search, seconds)
    assert history.best
    assert left > -0.02 * search.limits.seconds
    assert left + search.reserve > 2 * seconds


def test_a_fit_that_takes_longer_than_the_time_is_the_last_one():
    trials, _left, _history = searched(a_search(seconds=10), 30.0)
    assert len(trials) <= 4


def test_a_trial_for_which_the_time_was_too_short_has_not_failed():
    codes = {0: "no_time_left", 1: "cannot_learn", 2: "trial_too_long"}
    trials, _left, history = searched(a_search(rows=900, candidates=4), fails=lambda about: codes.get(about["candidate"]))
    assert [each.state for each in history.candidates[:4]] == ["out of time", "failed: cannot_learn", "out of time", "done"]
    assert counted_trials(trials[:4]) == "4, of them 1 failed, 2 out of time" and counted_trials(trials[3:4]) == "1, of them 0 failed"


def test_many_rows_race_and_few_do_not():
    shares = [trial.item.content["share"] for trial in searched(a_search(rows=64_000), 4.0)[0]]
    assert {1 / 16, 0.25, ALL} <= set(shares) and min(shares[1:]) < 1 / 64  # on 600 rows the seconds are measured
    assert {trial.item.content["share"] for trial in searched(a_search(rows=900))[0]} == {ALL}


def test_time_that_suffices_for_no_move_goes_to_what_lost_the_race():
    search = a_search(rows=64_000, patience=None, candidates=400)
    _, _left, history = searched(search, lambda about: {"boosted_trees": 2.0, "xgboost": 2.0, "linear": 0.1}.get(about["learner"], 4.0))
    assert "linear" in {candidate.learner for candidate in history.done}


def test_moves_find_better_settings_than_the_starts():
    search = a_search(patience=None, candidates=150)
    _, _, history = searched(search, 0.05)
    starts = [candidate.loss for candidate in history.candidates[: len(search.starts)]]
    assert history.best.learner == "boosted_trees" and history.best.loss < min(starts) - 0.0005


def test_the_best_of_every_learner_is_validated_for_the_blend():
    _, _, history = searched(a_search(rows=900, patience=None, candidates=200), 0.05)
    assert {candidate.learner for candidate in history.done} == {start.learner.name for start in a_search(rows=900).starts} | {"stacking"}


@pytest.mark.parametrize(
    ("rows", "cost", "most", "stacks"), [(900, 0.02, 200, 1), (700, 0.02, 200, 0), (900, 1.0, 200, 0), (900, 0.02, 20, 0)]
)
def test_the_best_of_three_learners_are_stacked_once_where_that_says_something_and_costs_little(rows, cost, most, stacks):
    search = a_search(rows=rows, patience=None, candidates=most)
    trials, _, history = searched(search, cost)
    found = [each for each in history.candidates if each.learner == "stacking"]
    assert len(found) == stacks
    for each in found:
        before = History.of([trial for trial in trials if trial.item.content["candidate"] < each.number]).best_by_learner()[:3]
        assert [member["name"] for member in each.settings["stacked"]] == [member.name for member in before]
        assert [member["settings"].get("trees") for member in each.settings["stacked"]] == [member.trees for member in before]


def test_candidates_are_compared_on_the_same_folds_only():
    _, _, history = searched(a_search())
    assert all(candidate.loss == candidate.runs[ALL].loss for candidate in history.done)
    assert not any(ALL in candidate.runs for candidate in history.candidates if candidate not in history.done)


def test_the_trees_that_all_folds_found_are_a_setting():
    _, _, history = searched(a_search())
    assert history.best.final_settings()["trees"] == 50


def test_a_move_has_a_seed_of_its_own_and_is_given_up_where_its_start_is_clearly_better():
    search = a_search(rows=900, patience=None, candidates=60)
    trials, _, history = searched(search, 0.05)
    moves = [each for each in history.candidates[len(search.starts) :] if "seed" in each.settings]
    assert moves and all(each.settings["seed"] == each.number for each in moves)
    alone = [trial.item.content for trial in trials if trial.item.content["learner"] != "stacking"]
    beaten = {about["candidate"]: about.get("~beat") for about in alone}
    assert all(bool(beaten[number]) is (number >= len(search.starts)) for number in beaten)


def test_the_same_history_gives_the_same_next_trial_and_keys_are_unique():
    search = a_search(candidates=120, patience=None)
    trials, _, _ = searched(search, 0.05)
    assert len({trial.item.key for trial in trials}) == len(trials)
    for cut in (0, 5, 20, 60):
        assert search.ask(trials[:cut], 40.0) == search.ask(trials[:cut], 40.0)


def test_trials_side_by_side_are_different():
    search, trials = a_search(rows=900), []
    for _ in range(8):
        trials.append(Trial(search.ask(trials, 50.0)))
    assert len({trial.item.key for trial in trials}) == 8


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"candidates": 9}, "9 candidates"), ({"target": 0.21}, "suffices"), ({"patience": 15}, "no gain")],
    ids=["trials", "target", "no gain"],
)
def test_it_says_why_it_ended(limits, said):
    search = a_search(rows=900, **limits)
    assert said in search.ended(searched(search, 0.01)[2])


def test_failures_do_not_end_it_but_only_the_same_one_does():
    some = searched(a_search(), fails=lambda about: "boom" if about["learner"] == "boosted_trees" else None)[2]
    assert some.best and some.best.learner == "xgboost"
    search = a_search()
    trials, _, history = searched(search, 0.01, fails=lambda about: "boom")
    assert len(trials) <= 13 and "boom" in search.ended(history)


def test_one_learner_without_ranges_is_enough():
    only = [learner for learner in LEARNERS if learner.name == "extra_trees"]
    trials, _, history = searched(a_search(learners=only), 0.01)
    assert len(trials) <= 6 and history.best


def test_large_starts_begin_with_a_quarter_of_the_rows():
    search = a_search(rows=64_000)
    trials = searched(search, 4.0)[0]
    large = [start.settings for start in search.starts if start.is_large]
    first = {}
    for about in (trial.item.content for trial in trials):
        first.setdefault(about["candidate"], about)
    assert large and {about["share"] for about in first.values() if about["settings"] in large} == {0.25}


def test_a_learner_that_takes_much_of_the_time_does_not_go_on_while_others_are_quick():
    search = a_search(rows=64_000)
    trials = searched(search, lambda about: 60.0 if about["learner"] == "decision_forest" else 1.0)[0]
    shares = {trial.item.content["share"] for trial in trials if trial.item.content["learner"] == "decision_forest"}
    assert shares and max(shares) < 0.25 and ALL not in shares
