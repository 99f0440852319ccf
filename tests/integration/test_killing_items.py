"""Processes that execute items of fan-outs and searches are killed: no item is lost, and at most a second of finished work is done again."""

import os
import signal
from contextlib import suppress

import pytest

from tests.integration.test_killing import home, worker
from tests.support.graph_builder import TABLE, document
from tests.support.installation import wait_until

__all__ = ["home", "worker"]  # fixtures
pytestmark = [pytest.mark.processes, pytest.mark.slow]


def spread(marks, **settings):
    """A table, a step that fans out, and one that needs it."""
    nodes = {"source": TABLE, "spread": ("trial.spread", {"ledger": str(marks.path), **settings}), "after": "trial.pass_on"}
    return document(nodes, "source.table spread.table", "spread.table after.table")


def test_of_items_whose_processes_are_killed_at_most_a_second_of_work_is_done_again(home, worker):
    marks = home.marks("spread")
    run = home.run(spread(marks, to=60, seconds=0.1))
    wait_until(lambda: len(marks.read()) > 20)
    for _, pid in marks.read()[-3:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    look = run.ended(30)
    assert look["state"] == "done", look
    assert [row["square"] for row in run.result("after")] == [number**2 for number in range(60)]
    keys = [key for key, _ in marks.read()]
    assert set(keys) == {f"n{number}" for number in range(60)}
    assert len(keys) - 60 <= 3 * 13, "each of three processes loses the item in hand, and what it had not committed for a second"


def test_of_trials_whose_processes_are_killed_only_those_in_hand_are_done_again(home, worker):
    marks = home.marks("seek")
    seek = {"ledger": str(marks.path), "trials": 40, "wave": 4, "seconds": 0.1, "deadly": "t30"}
    run = home.run(document({"source": TABLE, "seek": ("trial.seek", seek)}, "source.table seek.table"))
    for goal in (8, 20):
        wait_until(lambda goal=goal: len(marks.read()) > goal)
        for _, pid in marks.read()[-3:]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    look = run.ended(60)
    assert look["state"] == "done", look
    assert [row["key"] for row in run.result("seek")] == [f"t{number}" for number in range(40)]
    assert [row["key"] for row in run.result("seek") if row["failure"]] == ["t30"]
    keys = [key for key, _ in marks.read() if key != "t30"]
    assert len(keys) - 39 <= 2 * 3 + 3, "the trials of the processes killed, and those asked for beside the deadly one"


def finished(run, node):
    """The items of a running step that have ended."""
    running = run.state(node) == "running"
    return {key: item for key, item in run.items(node).items() if item[0] not in ("waiting", "running")} if running else {}


def killed_in_the_middle(worker, run, node, *, after):
    """The items of a step that had ended when the children of the worker were killed: more than so many."""
    before = wait_until(lambda: len(found := finished(run, node)) > after and found, 60)
    for pid in worker.pids[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return before


def test_of_models_by_group_no_finished_one_is_trained_again(home, worker):
    rows = "g,x,y\n" + "\n".join(f"g{group},{row * 7 % 30},{row * group % 11}" for group in range(60) for row in range(30))
    train = ("training.train_model_by_group", {"label": "y", "groups": ["g"], "may_fail_share": 100})
    nodes = {"source": ("data.enter_data", {"text": rows}), "learner": ("regression.boosted_trees", {"trees": 400}), "train": train}
    drawing = document(nodes, "source.table train.table", "learner.model train.untrained")
    run = home.run(drawing)
    before = killed_in_the_middle(worker, run, "train", after=8)
    look = run.ended(90)
    assert look["state"] == "done", look
    after = run.items("train")
    assert len(before) < len(after) == 60 and {key: after[key] for key in before} == before, (
        "a model that is trained again takes other seconds"
    )
    calm = home.run(drawing, force=True)
    undisturbed = calm.ended(90)["steps"]["train"]["outputs"]
    assert calm.items("train") != after and undisturbed == look["steps"]["train"]["outputs"]


def test_of_forecasts_no_finished_one_is_done_again(home, worker):
    pytest.importorskip("statsmodels", reason="the extra forecast is not installed: make setup EXTRAS=forecast")
    rows = "shop,week,sold\n" + "\n".join(
        f"s{shop},{week},{50 + week * shop % 13 + week * 7 % 5}" for shop in range(30) for week in range(40)
    )
    alike = rows + "".join(f"\nalike,{week},{50 + week % 13 + week * 7 % 5}" for week in range(40))
    columns = {"time": "week", "value": "sold", "series": ["shop"], "horizon": 4}
    nodes = {
        "source": ("data.enter_data", {"text": alike}),
        "method": ("forecasting.exponential_smoothing", {"model": "automatic"}),
        "train": ("forecasting.train_forecasting", columns),
        "ahead": "forecasting.forecast",
    }
    run = home.run(document(nodes, "source.table train.table", "method.method train.method", "train.forecaster ahead.forecaster"))
    before = killed_in_the_middle(worker, run, "train", after=3)
    look = run.ended(90)
    assert look["state"] == "done", look
    after = run.items("train")
    assert len(before) < len(after) == 31 and {key: after[key] for key in before} == before, (
        "a series that is forecast again takes other seconds"
    )
    steps = run.result("ahead")
    assert len(steps) == 31 * 4
    same = [[row["Forecast"] for row in steps if row["shop"] == shop] for shop in ("s1", "alike")]
    assert same[0] == same[1], "two series with the same values share a result"


def test_of_a_repeated_sub_pipeline_no_finished_item_is_executed_again(home, worker):
    marks = home.marks("each")
    rows = "g,x\n" + "\n".join(f"g{group},{row}" for group in range(24) for row in range(2))
    each, wait = ("transform.for_each", {"groups": ["g"]}), ("trial.wait", {"seconds": 0.3, "ledger": str(marks.path)})
    nodes = {"source": ("data.enter_data", {"text": rows}), "each": each, "wait": wait, "after": "trial.pass_on"}
    drawn = document(nodes, "source.table each.table", "each.rows wait.table", "wait.table after.table")
    for node in ("each", "wait"):
        drawn["nodes"][node]["group"] = "part"
    run = home.run(drawn | {"groups": {"part": {"title": "Each group"}}})

    before = killed_in_the_middle(worker, run, "each", after=4)
    look = run.ended(90)
    assert look["state"] == "done", look
    after = run.items("each")
    assert len(before) < len(after) == 24 and {key: after[key] for key in before} == before
    assert [row["g"] for row in run.result("after")] == [f"g{group}" for group in range(24) for _ in range(2)]
    assert len(marks.verbs()) <= 2 * (24 + 3 * 5), "each of three processes loses the item in hand, and those of less than a second"


def test_an_item_that_kills_its_process_fails_alone(home, worker):
    run = home.run(spread(home.marks("deadly"), to=30, seconds=0.01, deadly="n17", may_fail=1))
    look = run.ended(60)
    assert look["state"] == "done", look
    assert [row["key"] for row in run.result("after") if row["failure"]] == ["n17"]


def test_of_a_search_of_settings_no_finished_trial_is_done_again_and_the_model_is_the_same(home, worker):
    rows = "x,z,y\n" + "\n".join(f"{row * 7 % 31},{row * 5 % 17},{(row * row) % 23}" for row in range(400))
    tune = {"label": "y", "trials": 14, "folds": 2, "space": {"trees": "loguniform(100, 400)"}}
    nodes = {
        "source": ("data.enter_data", {"text": rows}),
        "learner": "regression.boosted_trees",
        "tune": ("training.tune_model_hyperparameters", tune),
    }
    drawn = document(nodes, "source.table tune.table", "learner.model tune.untrained")
    run = home.run(drawn)

    before = killed_in_the_middle(worker, run, "tune", after=4)
    look = run.ended(90)
    assert look["state"] == "done", look
    after = run.items("tune")
    assert len(after) == 14 and {key: after[key] for key in before} == before, "a trial that is done again takes other seconds"

    undisturbed = home.run(drawn, force=True)
    assert undisturbed.ended(90)["state"] == "done"
    one, other = ([{**row, "Seconds": None} for row in each.result("tune", "trials")] for each in (run, undisturbed))
    assert one == other
