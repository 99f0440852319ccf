"""Whatever can be drawn is judged without a fault: any modules, any wires, any settings."""

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save_table
from pipelines.graph import codec
from tests.pipelines.graph.test_codec import values
from tests.support.ledger_driver import run

pytestmark = pytest.mark.django_db
A_FILE = "ledger"  # the setting of modules for tests that name the file they write
OF_TESTS = (
    "trial.wait",
    "trial.fail",
    "trial.code",
    "trial.tally",
    "trial.tally_items",
)  # which do as they are told, or add up totals only
MODULES = [module for id, module in catalogue().modules.items() if id not in OF_TESTS]
COLUMNS = st.sampled_from(
    [
        "all",
        ["a"],
        ["b", "a"],
        ["gone"],
        [{"include": {"types": ["numeric"]}}],
        [{"include": "all"}, {"exclude": {"types": ["text"]}}],
        [{"include": {"indices": "1-2"}}],
    ]
)


LIKELY = {
    ParamKind.COLUMN: st.sampled_from(["a", "a", "b", "c", "gone"]),
    ParamKind.COLUMNS: COLUMNS,
    ParamKind.SWITCH: st.booleans(),
    ParamKind.NUMBER: st.floats(0, 1),
    ParamKind.INTEGER: st.integers(0, 10),
    ParamKind.SEED: st.integers(0, 10),
    ParamKind.MULTILINE: st.sampled_from(["a,b\n1,x\n2,y\n3,x", "a,b,c\n1,2,true\n,,false", "a\n", "a,b\n1", "1;2"]),
    ParamKind.CODE: st.sampled_from(["select * from t1", "select a + 1 as b from t1", "select gone from t1", "("]),
    ParamKind.TEXT: st.text("ab%YmdHMS-,. ", max_size=6),
    ParamKind.OPTIONS: st.sampled_from([{}, {"random_state": 1}, {"max_iter": 5}, {"gone": 1}]),
    ParamKind.SPACE: st.sampled_from([{}, {"leaves": "4; 8"}, {"gone": "uniform(0, 1)"}, {"trees": None}]),
    ParamKind.DATASET: st.sampled_from(["cars", "cars", "gone"]),
    ParamKind.MODEL_VERSION: st.sampled_from(["1", "champion", "latest"]),
    ParamKind.CONNECTION: st.sampled_from(["", "gone"]),
}


@st.composite
def setting(draw, param):
    if draw(st.integers(0, 40)) == 0:
        return draw(values)
    return draw(LIKELY[param.kind] if param.kind in LIKELY else st.sampled_from([value for value, _ in param.choices] or ["gone"]))


@st.composite
def documents(draw):
    modules, nodes, edges = [], {}, []
    for index in range(draw(st.integers(1, 6))):
        kinds = {port.kind for module in modules for port in module.outputs}
        module = draw(st.sampled_from([one for one in MODULES if all(port.optional or port.kind in kinds for port in one.inputs)]))
        given = [param for param in module.params if param.name != A_FILE and (param.required or draw(st.booleans()))]
        nodes[f"n{index}"] = {"module": module.id, "params": {param.name: draw(setting(param)) for param in given}}
        for port in module.inputs:
            ends = [f"n{earlier}.{out.name}" for earlier, one in enumerate(modules) for out in one.outputs if out.kind is port.kind]
            if ends and draw(st.integers(0, 15)):
                edges.append([draw(st.sampled_from(ends)), f"n{index}.{port.name}"])
        modules.append(module)
    return {"nodes": nodes, "edges": edges}


class Cars:
    """An installation with one dataset of every common type."""

    def find(self, name, version):
        table = Table(
            pl.DataFrame({"a": [1, 2], "b": ["x", None], "c": [True, False], "d": [date(2024, 1, 1), None], "e": [0.5, float("nan")]})
        )
        return flow.Dataset(save_table(table.with_role("c", role="label"), flow.store("any")), "any") if name == "cars" else None

    def find_model(self, name, version):
        return None


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_drawing_is_judged_without_a_fault(document):
    graph = flow.read(document)
    checked = flow.check(graph, Cars(), "any")
    assert all(problem.code and problem.words.endswith(".") for problem in checked.problems)
    assert set(checked.columns) in (set(), set(graph.nodes))
    assert codec.load(codec.dump(graph)) == graph


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_what_a_check_foretells_comes_true(document):
    graph = flow.read(document)
    checked = flow.check(graph, Cars(), "any")
    assume(not checked.problems)
    it = run(graph, "any", datasets=Cars())
    assert not [step.error for step in it.steps.all() if step.error and step.error["code"] == "unexpected_error"]
    for node, ports in checked.columns.items():
        for port, foretold in ports.items():
            if foretold is not None and (came := flow.output(it, node, port)):
                assert [(column.name, column.dtype, column.role) for column in came.columns] == [
                    (c.name, c.dtype, c.role) for c in foretold
                ]
