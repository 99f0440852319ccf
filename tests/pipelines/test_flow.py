"""The engine's face: check, start, stop, look."""

import polars as pl
import pytest

from pipelines import flow
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.execution.codecs import save_table
from pipelines.models import Run
from tests.support.graph_builder import TABLE, chain, codes, draw
from tests.support.ledger_driver import NoDatasets, new_scope, run, run_to_end, start, states

pytestmark = pytest.mark.django_db
CARS = Table(pl.DataFrame({"make": ["a", "b"], "price": [1.0, 2.0]}), {"price": ColumnRole("label")})


class Cars:
    """An installation with the dataset `cars`, in two versions."""

    def __init__(self, scope):
        self.versions = [
            flow.Dataset(save_table(Table(CARS.frame.head(number), CARS.roles), flow.store(scope)), scope) for number in (1, 2)
        ]

    def find(self, name, version):
        return self.versions[(version or 2) - 1] if name == "cars" and (version or 1) <= 2 else None


def cars(**params):
    return draw({"cars": ("data.dataset", {"dataset": "cars", **params}), "on": "trial.pass_on"}, "cars.table on.table")


def refused(graph, **how):
    with pytest.raises(flow.UnsoundGraph) as wrong:
        start(graph, **how)
    return codes(wrong.value.problems)


# Reading and checking


def test_a_document_is_read_and_written():
    assert flow.read(flow.dump(chain(2))) == chain(2)


def test_what_is_no_document_is_refused():
    with pytest.raises(flow.UnsoundGraph):
        flow.read({"nodes": 3})


def test_a_check_tells_problems_and_columns():
    checked = flow.check(cars(), Cars("checked"), "checked")
    assert checked.problems == []
    assert [(column.name, column.kind, column.role) for column in checked.columns["on"]["table"]] == [
        ("make", "text", "feature"),
        ("price", "number", "label"),
    ]


def test_a_leak_is_a_warning_that_stops_no_run():
    nodes = {
        "source": ("data.enter_data", {"text": "a,y\n1,0\n2,1\n3,0\n4,1"}),
        "learner": "classification.two_class_logistic_regression",
        "train": ("training.train_model", {"label": "y"}),
        "score": "scoring.score_model",
    }
    wires = ("source.table train.table", "learner.model train.untrained", "train.model score.model", "source.table score.table")
    graph = draw(nodes, *wires)
    (problem,) = flow.check(graph, NoDatasets(), "s").problems
    assert (problem.code, problem.node, problem.severity) == ("tested_on_training_rows", "score", "warning")
    assert start(graph).left_out is None


def test_a_check_of_a_bad_drawing_tells_its_problems_alone():
    checked = flow.check(draw({"a": "no.such"}), NoDatasets(), "s")
    assert (codes(checked.problems), checked.columns) == (["unknown_module"], {})


def test_a_check_tells_open_inputs_and_missing_data_sets_together():
    graph = draw({"a": ("data.dataset", {"dataset": "gone"}), "b": "trial.pass_on"})
    assert codes(flow.check(graph, NoDatasets(), "s").problems) == ["unknown_dataset", "unwired_input"]


def test_a_check_carries_nothing_out():
    flow.check(draw({"source": TABLE, "fail": ("trial.fail", {"how": "die"})}, "source.table fail.table"), NoDatasets(), "s")
    assert not Run.objects.exists()


# Starting


def test_a_run_keeps_the_graph_as_it_was_started():
    it = run(chain(1), document="doc", by="Ada")
    assert (it.document, it.by, it.graph) == ("doc", "Ada", flow.dump(chain(1)))


def test_a_worker_is_woken_once_the_run_is_written_down():
    seen = []
    it = start(chain(1), enqueue=lambda id: seen.append(Run.objects.get(pk=id).state))
    assert seen == ["waiting"] and it.state == "waiting"


@pytest.mark.parametrize(
    ("graph", "how", "found"),
    [
        (draw({}), {}, ["empty_pipeline"]),
        (chain(1), {"to": []}, ["empty_pipeline"]),
        (chain(1), {"to": ["ghost"]}, ["unknown_node"]),
        (draw({"a": "trial.pass_on"}), {}, ["unwired_input"]),
        (draw({"a": "no.such"}), {}, ["unknown_module"]),
        (cars(), {}, ["unknown_dataset"]),
        (draw({"a": TABLE, "b": ("transform.select_columns", {"columns": ["gone"]})}, "a.table b.table"), {}, ["unknown_column"]),
    ],
)
def test_an_unsound_graph_is_refused_and_no_run_is_made(graph, how, found):
    assert refused(graph, **how) == found
    assert not Run.objects.exists()


def test_a_run_to_some_nodes_does_what_they_need_and_no_more():
    it = run(chain(3), to=["n1"])
    assert set(states(it)) == {"source", "n0", "n1"} and it.to == ["n1"]
    assert it.graph == flow.dump(chain(3)), "the whole graph is kept"


def test_a_problem_elsewhere_does_not_stop_a_run_to_a_sound_part():
    graph = draw({"source": TABLE, "on": "trial.pass_on", "open": "trial.pass_on"}, "source.table on.table")
    assert run(graph, to=["on"]).state == "done"
    assert refused(graph, to=["open"]) == ["unwired_input"]


UNFINISHED = draw(
    {"source": TABLE, "on": "trial.pass_on", "open": "trial.pass_on", "after": "trial.gather", "data": ("data.dataset", {"dataset": None})},
    "source.table on.table",
    "on.table after.tables",
    "open.table after.tables",
)


def test_unfinished_nodes_and_those_that_need_them_are_left_out_of_a_run():
    it = run(UNFINISHED)
    assert it.state == "done" and set(states(it)) == {"source", "on"}
    assert it.graph == flow.dump(UNFINISHED), "the whole graph is kept"
    reasons = {each["node"]: each["reason"] for each in it.left_out}
    assert reasons == {
        "open": "Pass On needs a table at Table.",
        "data": "Dataset: Dataset needs a value.",
        "after": "Gather is left out of the run: Pass On, which it depends on, is not finished.",
    }
    again = flow.rerun(it, enqueue=lambda _: None)
    assert again.left_out == it.left_out and set(states(again)) == {"source", "on"}


def test_a_finished_run_leaves_nothing_out():
    assert not run(chain(1)).left_out


def test_the_steps_of_a_run_come_with_their_outputs():
    it = run(draw({"source": TABLE, "fail": "trial.fail", "after": "trial.pass_on"}, "source.table fail.table", "fail.table after.table"))
    (source, outputs), (fail, none), (after, _) = flow.steps(it)
    assert [source.node, fail.node, after.node] == ["source", "fail", "after"]
    assert (source.state, source.attempt, source.error) == ("done", 1, None)
    assert (outputs["table"].rows, outputs["table"].width, none) == (3, 2, {})
    assert fail.error["code"] == "told_to_fail" and fail.seconds >= 0
    assert (after.state, after.why) == ("skipped", "fail, which it depends on, failed.")


def test_a_check_says_what_is_unfinished_and_it_is_no_error():
    found = {(problem.code, problem.node, problem.severity) for problem in flow.check(UNFINISHED, NoDatasets(), "s").problems}
    assert found == {
        ("unwired_input", "open", "unfinished"),
        ("missing_setting", "data", "unfinished"),
        ("needs_unfinished", "after", "unfinished"),
    }


def test_a_run_to_a_node_that_would_be_left_out_is_refused():
    assert refused(UNFINISHED, to=["after"]) == ["needs_unfinished", "unwired_input"]


def test_an_error_elsewhere_still_refuses_an_unfinished_pipeline():
    nodes = {"source": TABLE, "wrong": ("transform.select_columns", {"columns": ["gone"]}), "open": "trial.pass_on"}
    assert "unknown_column" in refused(draw(nodes, "source.table wrong.table"))


def test_a_rule_is_not_asked_of_a_node_that_lacks_a_setting():
    graph = draw(
        {"data": ("data.dataset", {"dataset": None}), "on": ("transform.select_columns", {"columns": ["a"]})}, "data.table on.table"
    )
    assert codes(flow.check(graph, NoDatasets(), "s").problems) == ["missing_setting", "needs_unfinished"]
    joined = draw({"a": TABLE, "b": TABLE, "join": "transform.join"}, "a.table join.left", "b.table join.right")
    checked = flow.check(joined, NoDatasets(), "s")
    assert codes(checked.problems) == ["missing_setting", "missing_setting"] and list(checked.columns["join"].values()) == [None]


def test_data_sets_are_fixed_when_the_run_starts():
    scope = new_scope()
    installation = Cars(scope)
    it = start(cars(), scope, datasets=installation)
    installation.versions.append(installation.versions[0])
    installation.find = lambda *_: None
    run_to_end(it)
    assert flow.table(flow.output(it, "on", "table"), scope).frame.height == 2
    old = run(cars(version=1), scope, datasets=Cars(scope))
    assert flow.table(flow.output(old, "on", "table"), scope).frame.height == 1


def test_roles_travel_with_the_data():
    scope = new_scope()
    it = run(cars(), scope, datasets=Cars(scope))
    assert flow.table(flow.output(it, "on", "table"), scope).role("price").role == "label"


# Looking


def test_events_are_given_in_order_after_a_number():
    it = run(chain(2))
    everything = flow.events(it)
    assert [event["seq"] for event in everything] == list(range(1, it.last_event + 1))
    assert flow.events(it, after=3, limit=2) == everything[3:5]
    assert flow.events(it, after=it.last_event) == []
    assert all({"seq", "at", "type"} <= event.keys() for event in everything)


def test_an_output_is_there_once_its_step_is_done():
    it = start(chain(1))
    assert flow.output(it, "source", "table") is None
    run_to_end(it)
    assert flow.output(it, "source", "table").rows == 3
    assert flow.output(it, "source", "ghost") is None and flow.output(it, "ghost", "table") is None


def test_a_table_has_no_report():
    it = run(chain(0))
    assert flow.report(flow.output(it, "source", "table"), it.scope) is None


# Without a server


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["sentence", "none"])
def test_a_run_locally_tells_every_event_once_in_order(how):
    told = []
    module = "trial.pass_on" if how == "none" else "trial.fail"
    it = flow.run_locally(
        draw({"source": TABLE, "on": module}, "source.table on.table"), scope=new_scope(), datasets=NoDatasets(), on_event=told.append
    )
    assert it.state == ("done" if how == "none" else "failed")
    assert told == flow.events(it)
