"""A training graph becomes a scoring graph: what is kept, replaced and cut, and what is refused."""

from dataclasses import replace

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.invoke import call
from pipelines.catalogue.ports import TABLE
from pipelines.execution.output import Output
from pipelines.graph import codec
from pipelines.serving import engine
from pipelines.serving.checking import BadRows
from pipelines.serving.derivation import choices, chosen
from pipelines.serving.graph import CannotDerive
from pipelines.serving.walk import Walk
from tests.pipelines.modules.recommendation.rating import made, train
from tests.support.graph_builder import document
from tests.support.module_runner import DOCUMENTS, only, sample
from tests.support.scoring import Trained, houses


def inputs(trained):
    return [column.name for column in trained.graph.signature.inputs]


def refused(drawn, tmp_path):
    with pytest.raises(CannotDerive) as wrong:
        Trained(drawn, tmp_path)
    return wrong.value.problem.code, wrong.value.problem.node


def test_the_model_is_pinned_the_split_passed_and_the_rest_cut(tmp_path):
    trained = Trained(houses(), tmp_path)
    fates = {each.node: each.fate for each in trained.graph.decisions}
    assert fates == {
        "data": "replaced", "split": "passed", "learner": "cut", "train": "replaced", "score": "kept", "evaluate": "cut",
    }  # fmt: skip
    assert all(each.reason.endswith(".") for each in trained.graph.decisions)
    assert [(pin.made_by, pin.output.kind) for pin in trained.graph.pinned] == [("train.model", "model")]
    assert (trained.graph.request, trained.graph.answer) == ("data.table", "score.table")


def test_the_label_is_no_input_and_the_signature_is_of_the_data(tmp_path):
    signature = Trained(houses(), tmp_path).graph.signature
    assert [(column.name, column.type, column.nullable) for column in signature.inputs] == [
        ("size", "integer", False),
        ("rooms", "integer", True),
        ("town", "text", False),
        ("note", "text", True),
    ]
    assert signature.inputs[2].categories == ("a", "b", "c")
    assert [(column.name, column.type) for column in signature.outputs] == [("Scored Labels", "number")]
    assert set(signature.example) == {"size", "rooms", "town", "note"}


def test_a_fitted_node_becomes_what_it_fitted_narrowed_to_the_columns_of_a_request(tmp_path):
    steps = ("scale", ("transform.normalize", {"columns": ["size", "price"]}))
    trained = Trained(houses(steps), tmp_path)
    assert trained.fate("scale") == "replaced"
    (pin,) = (pin for pin in trained.graph.pinned if pin.output.kind == "transform")
    assert "price" not in (pin.only or ()) and "size" in (pin.only or ())
    assert trained.proof().exact


def test_a_column_that_the_model_does_not_use_is_not_asked_for(tmp_path):
    steps = ("select", ("transform.select_columns", {"columns": ["size", "town", "price"]}))
    trained = Trained(houses(steps), tmp_path)
    assert inputs(trained) == ["size", "town"]
    assert trained.graph.document["nodes"]["select"]["params"]["columns"] == [{"include": {"names": ["size", "town"]}}]


def test_a_node_that_only_prepares_the_label_is_cut(tmp_path):
    steps = ("thousands", ("transform.derive_column", {"name": "cost", "formula": "price / 1000"}))
    drawn = houses(steps, ("rest", ("transform.select_columns", {"columns": ["size", "town", "cost"]})), label="cost")
    trained = Trained(drawn, tmp_path)
    assert trained.fate("thousands") == "cut"
    assert inputs(trained) == ["size", "town"]


def test_a_query_that_names_the_label_and_makes_features_is_rewritten(tmp_path):
    query = "select size * 2 as area, town, price / 1000 as cost from t1 where price is not null and size > 0"
    trained = Trained(houses(("query", ("transform.sql", {"query": query})), label="cost"), tmp_path)
    assert inputs(trained) == ["size", "town"]
    assert trained.graph.document["nodes"]["query"]["params"] == {"query": "SELECT (size * 2) AS area, town FROM t1 WHERE (size > 0)"}
    assert next(each.reason for each in trained.graph.decisions if each.node == "query").endswith("is left out.")
    assert trained.proof().exact
    with pytest.raises(BadRows) as wrong:  # a client cannot change the query
        trained.scorer.score([{"size": 2**62, "town": "a"}])
    assert wrong.value.errors[0].remedy.startswith("Check the values of the row. Or in the pipeline: ")


def test_a_query_that_names_the_label_and_leaves_rows_out_still_does(tmp_path, monkeypatch):
    query = "select size, town, price from t1 where size > 50"
    trained = Trained(houses(("query", ("transform.sql", {"query": query}))), tmp_path)
    assert trained.graph.document["nodes"]["query"]["params"] == {"query": "SELECT size, town FROM t1 WHERE (size > 50)"}
    rows = [{"size": size, "town": "a"} for size in (45, 60, 50, 70)]
    scorer, calls = trained.scorer, []
    monkeypatch.setattr(engine, "call", lambda module, *rest: calls.append(module.id) or call(module, *rest))
    found = scorer.score(rows)
    assert found.reasons == dict.fromkeys((0, 2), "“Apply SQL” leaves this row out.")
    assert [row["Scored Labels"] is None for row in found.rows] == [True, False, True, False]
    assert calls.count("transform.sql") == 3  # and not once for each row


def test_a_condition_of_a_query_on_another_column_stays(tmp_path):
    query = "select size * 2 as area, town, price / 1000 as cost from t1 where price > 0 and rooms > 1"
    trained = Trained(houses(("query", ("transform.sql", {"query": query})), label="cost"), tmp_path)
    assert inputs(trained) == ["size", "rooms", "town"]
    assert trained.graph.document["nodes"]["query"]["params"]["query"].endswith("WHERE (rooms > 1)")


def test_the_step_that_needs_the_label_is_named_rather_than_one_that_needs_the_step(tmp_path):
    query = "select size + price as area, town, price from t1"
    assert refused(houses(("query", ("transform.sql", {"query": query}))), tmp_path) == ("needs_the_label", "query")


def test_cleaning_that_finds_nothing_in_the_first_rows_is_kept(tmp_path):
    text = "size,price\n" + "\n".join(f"{40 + row % 50 if row < 300 else ''},{100 + 3 * (row % 50)}" for row in range(320))
    trained = Trained(
        houses(("clean", ("transform.clean_missing", {"mode": "value", "value": "7", "columns": ["size"]})), text=text), tmp_path
    )
    assert trained.fate("clean") != "cut"
    scorer = trained.scorer
    assert scorer.score([{"size": None}]).rows == scorer.score([{"size": 7}]).rows


def test_a_column_of_a_formula_is_asked_for(tmp_path):
    steps = ("area", ("transform.derive_column", {"name": "area", "formula": "size * rooms"}))
    drawn = houses(steps, ("rest", ("transform.select_columns", {"columns": ["area", "price"]})))
    trained = Trained(drawn, tmp_path)
    assert trained.fate("area") == "kept"
    assert inputs(trained) == ["size", "rooms"]


@pytest.mark.parametrize(
    ("step", "fate"),
    [
        (("transform.sort_rows", {"columns": ["size"]}), "passed"),
        (("transform.remove_duplicate_rows", {}), "passed"),
        (("transform.partition_and_sample", {"mode": "head", "rows": 50}), "passed"),
        (("transform.sql", {"query": "select * from t1 limit 50"}), "passed"),
        (("transform.sql", {"query": "select size, town, price from t1 limit 50"}), "cut"),  # it names the label
        (("transform.sql", {"query": "select *, size * 2 as double from t1 order by size"}), "kept"),
        (("transform.filter_rows", {"column": "size", "condition": "greater", "value": "50"}), "kept"),
    ],
)
def test_what_chooses_rows_is_passed_and_what_computes_each_row_is_kept(step, fate, tmp_path):
    trained = Trained(houses(("step", step)), tmp_path)
    assert trained.fate("step") == fate
    assert trained.proof().passed


@pytest.mark.parametrize(
    "step",
    [
        ("transform.sql", {"query": "select *, avg(size) over () as mean from t1"}),
        ("script.python", {"code": "def main(first, second, third):\n    return first"}),
    ],
)
def test_what_may_look_at_several_rows_is_refused_with_the_node(step, tmp_path):
    drawn = houses()
    values = Trained(drawn, tmp_path).values
    drawn["nodes"]["step"] = {"module": step[0], "params": step[1]}
    port = "first" if step[0] == "script.python" else "table"
    into = "first" if step[0] == "script.python" else "t1"
    drawn["edges"] = [edge for edge in drawn["edges"] if edge != ["data.table", "split.table"]]
    drawn["edges"] += [["data.table", f"step.{into}"], [f"step.{port}", "split.table"]]
    values = {**values, "step": {port: values["data"]["table"]}}
    with pytest.raises(CannotDerive) as wrong:
        Trained(drawn, tmp_path, values=values)
    assert (wrong.value.problem.code, wrong.value.problem.node) == ("not_row_by_row", "step")
    assert wrong.value.problem.remedy


def test_a_table_that_is_looked_up_in_is_pinned(tmp_path):
    towns = ("data.enter_data", {"text": "town,people\na,10\nb,20\nc,30"})
    drawn = houses(("join", ("transform.join", {"left_keys": ["town"], "right_keys": ["town"]})))
    drawn["nodes"]["towns"] = {"module": towns[0], "params": towns[1]}
    drawn["edges"] = [[one, "join.left" if other == "join.table" else other] for one, other in drawn["edges"]] + [
        ["towns.table", "join.right"]
    ]
    trained = Trained(drawn, tmp_path)
    assert (trained.fate("join"), trained.fate("towns")) == ("kept", "replaced")
    assert trained.proof().exact
    answer = trained.scorer.score([{**trained.graph.signature.example, "town": "nowhere"}])
    assert answer.rows == [{"Scored Labels": None}]
    assert "leaves this row out" in answer.reasons[0]


def test_a_run_that_scores_nothing_is_refused(tmp_path):
    drawn = houses()
    drawn["nodes"] = {"data": drawn["nodes"]["data"]}
    drawn["edges"] = []
    assert refused(drawn, tmp_path) == ("nothing_scores", None)


@pytest.mark.parametrize(
    ("slug", "remedy"),
    [
        ("orange_juice", "publish the pipeline"),
        ("digit_clusters", "Add Score Model,"),
        ("movie_ratings", "Add Score SVD Recommender with settings that give each row a score,"),
    ],
)
def test_a_run_without_a_model_for_rows_is_told_apart(slug, remedy):
    # A module of another package may score without a model as its input.
    known, scorer = catalogue(), catalogue().modules["scoring.score_model"]
    bare = replace(scorer, inputs=[port for port in scorer.inputs if port.kind == TABLE])
    with pytest.raises(CannotDerive) as told:
        chosen(codec.load(sample(slug)), replace(known, modules={"mine.score": bare, **known.modules}), Nothing(), None)
    assert told.value.problem.code == "nothing_scores" and remedy in told.value.problem.remedy


def test_the_document_is_read_again_and_equal_runs_give_equal_bundles(tmp_path):
    one, other = Trained(houses(), tmp_path / "a"), Trained(houses(), tmp_path / "b")
    assert one.bundle == other.bundle
    assert set(one.graph.graph.nodes) == {"data", "train_model", "score"}


@pytest.mark.parametrize(("kind", "ends"), [("ratings", ["score.table"]), ("items", [])])
def test_a_recommender_is_served_where_it_rates_pairs_and_not_where_it_lists_items(kind, ends):
    drawn = sample("movie_ratings")
    drawn["nodes"]["score"]["params"]["kind"] = kind
    assert list(map(str, choices(codec.load(drawn), catalogue()))) == ends


@pytest.mark.parametrize(("method", "trained"), [("svd", train), ("wide_and_deep", made)])
def test_rated_pairs_get_the_bits_of_the_run_alone_and_together(method, trained, tmp_path):
    text = "who,make,stars\n" + "\n".join(f"{who},{make},3" for who in ("Ada", "Ben", "Zoë") for make in ("audi", "fiat", "volvo", "seat"))
    module = f"{method}_recommender"
    nodes = {
        "pairs": ("data.enter_data", {"text": text}),
        "train": (f"recommendation.train_{module}", {"user": "who", "item": "make", "rating": "stars"}),
        "score": (f"recommendation.score_{module}", {"kind": "ratings"}),
    }
    drawn = {
        "format": 1,
        "name": "Pairs",
        **document(nodes, "pairs.table train.table", "train.recommender score.recommender", "pairs.table score.table"),
    }
    pairs, recommender = only("data.enter_data", {"text": text}), trained()
    scores = only(f"recommendation.score_{module}", {"kind": "ratings"}, recommender=recommender, table=pairs)
    served = Trained(drawn, tmp_path, values={"pairs": {"table": pairs}, "train": {"recommender": recommender}, "score": {"table": scores}})
    assert inputs(served) == ["who", "make"]
    assert served.proof().exact
    answer = served.scorer.score([{"who": "Ada", "make": "seat"}])
    assert answer.rows == [{"Scored Ratings": scores.frame["Scored Ratings"][3]}] and any("seat" in warning for warning in answer.warnings)


class Nothing:
    """The records of a run that left nothing."""

    def record(self, end):
        return None


class Finished:
    """The records of a run of which nothing is known but that every step has finished."""

    def __init__(self, graph):
        self._graph = graph

    def record(self, end):
        return Output(catalogue().modules[self._graph.nodes[end.node].module].output(end.port).kind, "0" * 64, 1)


def test_all_scores_of_all_samples_can_be_served():
    found = 0
    for file in DOCUMENTS.glob("*.json"):
        graph = codec.load(sample(file.stem))
        for end in choices(graph, catalogue()):
            assert Walk(graph, catalogue(), Finished(graph)).to(end).answer == end
            found += 1
    assert found >= 36
