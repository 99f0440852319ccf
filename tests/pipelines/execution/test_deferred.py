"""Passing queries on in place of tables."""

from dataclasses import replace

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import compose
from pipelines.catalogue.ports import ColumnRole, Query, Table
from pipelines.compilation import Plan, Step
from pipelines.execution import deferred
from pipelines.execution.codecs import LAYOUT, load_table, save, save_table
from pipelines.execution.deferred import (
    DeferredSource,
    OutputMode,
    finalize,
    find_faulty_input,
    find_upstream,
    may_defer,
    output_mode,
    value_of,
)
from pipelines.execution.output import Output
from pipelines.execution.store import LocalStore
from pipelines.graph.model import Endpoint
from pipelines.graph.run_options import RunOptions

FILTER = ("transform.filter_rows", {"condition": "formula", "formula": "a > 2"})
ADD = ("transform.derive_column", {"name": "b", "formula": "a * 2"})
CAST = ("transform.derive_column", {"name": "b", "formula": "cast(s as int)"})
SELECT = ("transform.select_columns", {"columns": ["a", "s"]})
JOIN = ("transform.join", {"left_keys": ["a"], "right_keys": ["a"]})
SPLIT = ("transform.split_data", {})


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


def frame(rows=6):
    numbers = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {
            "a": numbers,
            "x": numbers / 3,
            "s": pl.Series([None if n % 5 == 0 else f"a text that is longer than a view, {n}" for n in range(rows)], dtype=pl.String),
            "t": pl.Series([None if n % 3 == 0 else "xyz"[n % 3] for n in range(rows)], dtype=pl.Categorical),
        }
    )


def step(node, what, *sources):
    module = catalogue().modules[what[0]]
    ports = [port.name for port in module.inputs]
    return Step(
        node,
        module.id,
        module.settings(what[1]),
        {port: (Endpoint(*source.split(".")),) for port, source in zip(ports, sources, strict=False)},
    )


def plan(*steps, **how):
    return Plan({step.node: step for step in steps}, **how)


def waiting(key):
    return Output("table", "", 0, deferred=True, key=key)


def queries(what, *inputs):
    module = catalogue().modules[what[0]]
    arriving = {port.name: [value] for port, value in zip(module.inputs, inputs, strict=True)}
    return compose(module, module.function, arriving, module.read_settings(what[1]))


DATA = step("data", ("data.dataset", {}))


@pytest.mark.parametrize(
    ("readers", "may"),
    [
        ([], False),
        ([step("r", SPLIT, "f.table")], True),
        ([step("r", ADD, "f.table"), step("q", SPLIT, "f.table")], True),
        ([step("r", JOIN, "f.table", "f.table")], True),
        ([step(node, ADD, "f.table") for node in "pqr"], False),
        ([step("r", ("script.python", {}), "f.table")], False),
        ([replace(step("r", SPLIT, "f.table"), execution=RunOptions(target="docker"))], False),
    ],
)
def test_who_may_leave_its_work_to_its_readers(readers, may):
    assert may_defer(plan(DATA, step("f", FILTER, "data.table"), *readers), "f", {}) is may


def test_what_is_asked_for_by_name_and_what_has_a_place_of_its_own_does_not_wait():
    of, reader = step("f", FILTER, "data.table"), step("r", SPLIT, "f.table")
    assert not may_defer(plan(DATA, of, reader, asked=frozenset("f")), "f", {})
    assert not may_defer(plan(DATA, replace(of, execution=RunOptions(memory_mb=100)), reader), "f", {})
    closed, limited = (
        [replace(one, execution=how) for one in (of, reader)] for how in (RunOptions(target="sandbox"), RunOptions(memory_mb=100))
    )
    assert not may_defer(plan(DATA, *closed), "f", {})
    assert may_defer(plan(DATA, *limited), "f", {}), "what is said of all nodes changes nothing between them"
    assert not may_defer(plan(DATA, of, reader), "r", {})


def test_a_join_is_computed_once_only():
    joined, readers = step("j", JOIN, "data.table", "data.table"), [step("p", ADD, "j.table"), step("q", ADD, "j.table")]
    assert may_defer(plan(DATA, joined, readers[0]), "j", {})
    assert not may_defer(plan(DATA, joined, *readers), "j", {})
    behind = {"k": DeferredSource(joined, "table", {})}
    assert not may_defer(
        plan(DATA, joined, step("f", FILTER, "j.table"), step("p", ADD, "f.table"), step("q", ADD, "f.table")), "f", behind
    )


def test_chains_do_not_grow_without_end():
    chain = [DATA, *(step(f"n{i}", ADD, f"n{i - 1}.table" if i else "data.table") for i in range(30))]
    behind = {str(i): DeferredSource(chain[1], "table", {}) for i in range(deferred.MOST_TOGETHER)}
    assert not may_defer(plan(*chain), "n28", behind)


def test_only_large_inputs_are_worth_it():
    module = catalogue().modules["transform.filter_rows"]
    small, large = (Output("table", "d", size) for size in (deferred.LARGE - 1, deferred.LARGE))
    assert output_mode(module, "k", {"table": [small]}, {}, True) == OutputMode()
    assert output_mode(module, "k", {"table": [large]}, {}, True) == OutputMode(True, True, "k", deferred.LARGE)
    assert output_mode(module, "k", {"table": [waiting("x")]}, {"x": DeferredSource(DATA, "table", {})}, True).large
    assert output_mode(catalogue().modules["transform.split_data"], "k", {"table": [large]}, {}, False) == OutputMode(
        True, False, "", deferred.LARGE
    )


def test_what_stands_behind_is_found_in_order():
    of = plan(DATA, step("f", FILTER, "data.table"), step("g", ADD, "f.table"), step("r", SPLIT, "g.table"))
    stored = Output("table", "d", 1)
    left = {"data": {"table": stored}, "f": {"table": waiting("F")}, "g": {"table": waiting("G")}}
    assert find_upstream(of, "r", left.__getitem__) == {
        "F": DeferredSource(of.steps["f"], "table", {"table": [stored]}),
        "G": DeferredSource(of.steps["g"], "table", {"table": [waiting("F")]}),
    }
    assert find_upstream(of, "f", left.__getitem__) == {}


def test_a_deferred_output_knows_its_columns_and_its_key_but_no_rows(store):
    table = Table(frame(), {"a": ColumnRole("label")})
    value = finalize(queries(FILTER, table), store, OutputMode(True, True, "K", 99))["table"]
    record = save(value, store)
    assert isinstance(value, Query)
    assert (record.deferred, record.digest, record.bytes, record.rows, record.key) == (True, "", 99, None, "K.table")
    assert [column.name for column in record.columns] == frame().columns and record.roles["a"].role == "label"
    assert record.content != msgspec.structs.replace(record, key="L.table").content
    assert Output.from_json(record.as_json()) == record and not list(store._root.glob("*/*"))


def test_made_after_all_it_is_told_apart_as_before(store):
    table = Table(frame(), {"a": ColumnRole("label")})
    before = save(finalize(queries(FILTER, table), store, OutputMode(True, True, "K"))["table"], store)
    after = save(finalize(queries(FILTER, table), store, OutputMode(True, False, "K"))["table"], store)
    assert not after.deferred and after.rows == 3
    assert after.content == before.content


def test_columns_that_stand_in_a_file_are_neither_copied_nor_deferred(store):
    kept = save_table(Table(frame()), store)
    record = save(finalize(queries(SELECT, load_table(kept, store)), store, OutputMode(True, True, "K"))["table"], store)
    assert (record.digest, record.deferred) == (kept.digest, False)
    assert [column.name for column in record.columns] == ["a", "s"]


def test_both_halves_are_written_in_one_go(store):
    halves = finalize(queries(SPLIT, Table(frame(100))), store, OutputMode(True))
    alone = finalize(queries(SPLIT, Table(frame(100))), store, OutputMode())
    assert all(halves[port].frame.equals(half.frame) and half.frame.height == 50 for port, half in alone.items())


def test_a_value_that_cannot_be_computed_leaves_no_scratch(store):
    with pytest.raises(ModuleError) as caught:
        finalize(queries(CAST, Table(frame())), store, OutputMode(True))
    assert caught.value.code == "query_failed"
    assert not list((store._root / "scratch").iterdir())


def test_the_step_at_fault_is_found(store):
    kept = save_table(Table(frame()), store)
    behind = {
        "F": DeferredSource(step("f", FILTER, "data.table"), "table", {"table": [kept]}),
        "G": DeferredSource(step("g", CAST, "f.table"), "table", {"table": [waiting("F")]}),
        "H": DeferredSource(step("h", FILTER, "g.table"), "table", {"table": [waiting("G")]}),
    }
    node, wrong = find_faulty_input(behind, lambda output: load_table(output, store), store)
    assert (node, wrong.code) == ("g", "query_failed")
    assert find_faulty_input({"F": behind["F"]}, lambda output: load_table(output, store), store) is None


LINKS = st.lists(
    st.sampled_from(
        [
            FILTER,
            ADD,
            SELECT,
            JOIN,
            ("transform.filter_rows", {"condition": "contains", "column": "s", "value": "1"}),
            ("transform.filter_rows", {"condition": "missing", "column": "s", "keep": "others"}),
            ("transform.derive_column", {"name": "s", "formula": "upper(s)"}),
            ("transform.derive_column", {"name": "c", "formula": "case when a > 4 then 'much' end"}),
            ("transform.join", {"left_keys": ["a"], "right_keys": ["a"], "how": "left", "keep_right_keys": False}),
            ("transform.join", {"left_keys": ["s"], "right_keys": ["s"], "how": "full", "keep_right_keys": False}),
            ("transform.join", {"left_keys": ["a"], "right_keys": ["a"], "how": "semi"}),
        ]
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(links=LINKS, rows=st.sampled_from([0, 1, 50, 40_000]))
def test_a_chain_as_one_query_gives_the_table_of_its_steps_one_by_one(links, rows, tmp_path_factory):
    """The same values, order, types and roles; bits of the file that mean nothing may differ, such as those behind the last row."""
    store = LocalStore(tmp_path_factory.mktemp("store"))
    other = save_table(Table(frame(70).select("a", "s", y=pl.col("x")).reverse()), store)
    start = load_table(save_table(Table(frame(rows), {"a": ColumnRole("label")}), store), store)
    fused, left = start.query, save_table(start, store)
    for what in links:
        more = [load_table(other, store)] if what[0] == "transform.join" else []
        left = save(finalize(queries(what, load_table(left, store), *more), store, OutputMode())["table"], store)
        fused = replace(queries(what, fused, *more)["table"], kept=None)
    made = save(finalize({"table": fused}, store, OutputMode(True))["table"], store)
    assert load_table(made, store).frame.equals(load_table(left, store).frame)
    assert made.columns == left.columns


def test_a_stream_gives_the_same_bytes_every_time(store):
    """Long texts too, which polars keeps in memory in the order in which its threads met them."""
    left, right = load_table(save_table(Table(frame(300_000)), store), store), Table(frame(5000).reverse().rename({"x": "y"}))
    made = [save(finalize(queries(JOIN, left, right), store, OutputMode(True))["table"], store).digest for _ in range(5)]
    assert len(set(made)) == 1


def test_value_of_what_is_kept_is_what_loading_gives(store):
    record = save_table(Table(frame()), store)
    assert value_of(record, {}, lambda output: output) is record
    assert LAYOUT["record_batch_size"] < 10**6
