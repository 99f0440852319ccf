"""The path of a planned step becomes modules that can be fitted on any rows; it is part of the cache key, the drawing is not."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step, compile
from pipelines.execution.fingerprint import differences, in_words, ingredients, key_of
from pipelines.execution.output import Output, describe
from pipelines.execution.paths import with_paths
from tests.support.graph_builder import TABLE, draw

TRAIN, TEST = (Table(pl.DataFrame({"a": values, "b": ["x", "y"]})) for values in ([0.0, 2.0], [4.0, 6.0]))
SCALE = ("transform.normalize", {"columns": ["a"], "method": "minmax"})
WIRES = ("data.table scale.table", "scale.table validate.table", "learner.model validate.untrained")


def planned(nodes=None, *wires):
    drawn = {
        "data": TABLE,
        "scale": SCALE,
        "learner": "regression.linear_regression",
        "validate": ("training.cross_validate", {"label": "a"}),
    }
    return compile(draw({**drawn, **(nodes or {})}, *(wires or WIRES)), catalogue(), {}).steps


def key(step):
    record = Output("table", "d", 1, 1, describe(TRAIN))
    inputs = {port: [record] * len(ends) for port, ends in step.sources.items()}
    return key_of(ingredients(step, catalogue().modules[step.module], inputs))


def made(step, *others):
    return with_paths(step, {"table": [TRAIN, *others]})["table"][0]


def test_it_is_fitted_on_rows_and_applied_to_others():
    step = planned()["validate"]
    assert [str(end) for end in step.sources["table"]] == ["data.table"]
    prepared = made(step).fit(TRAIN)
    assert prepared.table.frame["a"].to_list() == [0, 1] and prepared.apply(TEST).frame["a"].to_list() == [2, 3]


def test_a_query_at_the_start_is_computed():
    assert made(planned()["validate"]).rows is TRAIN
    assert with_paths(planned()["validate"], {"table": [TRAIN.query]})["table"][0].rows.frame.equals(TRAIN.frame)


def test_tables_from_elsewhere_follow_the_rows():
    nodes = {
        "other": ("data.enter_data", {"text": "b,c\nx,1"}),
        "join": ("transform.join", {"left_keys": ["b"], "right_keys": ["b"], "how": "left"}),
    }
    wires = ("data.table scale.table", "scale.table join.left", "other.table join.right", "join.table validate.table", WIRES[2])
    step = planned(nodes, *wires)["validate"]
    assert [str(end) for end in step.sources["table"]] == ["data.table", "other.table"]
    prepared = made(step, Table(pl.DataFrame({"b": ["x"], "c": [1]}))).fit(TRAIN)
    assert prepared.apply(TEST).frame.select("a", "c").rows() == [(2, 1), (3, None)]


def test_the_plan_holds_the_path_and_a_plan_without_one_still_opens():
    step = planned()["validate"]
    assert Step.from_json("validate", step.as_json()) == step
    old = {name: each for name, each in step.as_json().items() if name != "paths"}
    assert Step.from_json("validate", old).paths == {}
    assert "paths" not in planned()["scale"].as_json()


def test_the_key_follows_the_path_and_not_the_drawing():
    before = key(planned()["validate"])
    renamed = {"other": SCALE, "unused": TABLE, "constant": ("data.enter_data", {"text": "z\n1"})}
    wires = ("data.table other.table", "other.table validate.table", "data.table scale.table", WIRES[2])
    assert key(planned(renamed, *wires)["validate"]) == before
    for change in ({"method": "zscore"}, {"columns": ["b"]}):
        assert key(planned({"scale": (SCALE[0], {**SCALE[1], **change})})["validate"]) != before
    assert key(replace(planned()["validate"], paths={})) != before


def test_a_change_of_the_path_is_told():
    sides = [planned({"scale": (SCALE[0], {**SCALE[1], "method": method})})["validate"] for method in ("minmax", "zscore")]
    before, now = (ingredients(step, catalogue().modules[step.module], {}) for step in sides)
    (found,) = differences(now, before)
    assert (found.kind, found.name, in_words([found])) == ("path", "table", "What prepares the table changed.")


def test_the_code_of_the_modules_on_the_path_is_part_of_the_key(monkeypatch):
    before = key(planned()["validate"])
    monkeypatch.setitem(catalogue().modules["transform.normalize"].__dict__, "source", "other")
    assert key(planned()["validate"]) != before


def test_a_module_that_is_gone_or_not_installed_is_named():
    step = planned()["validate"]
    path = step.paths["table"]
    gone = replace(step, paths={"table": {**path, "steps": [{**path["steps"][0], "module": "no.more"}]}})
    with pytest.raises(ModuleError, match=r"no\.more") as caught:
        made(gone)
    assert caught.value.code == "path_changed" and key(gone)
