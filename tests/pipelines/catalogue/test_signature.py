"""A typed function read as a module: ports, settings, help and fingerprint."""

from typing import Annotated, Any, Literal, NamedTuple

import pytest

from pipelines.catalogue import params as p
from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame, Lazy, Model, Report, Table, Transform, UntrainedModel
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read

SHELF = Shelf("Odds", order=1, hue=2, id="odds")


class Halves(NamedTuple):
    """Two parts.

    Args:
        first_half: The first rows.
        rest: The others.
    """

    first_half: Frame
    rest: Report


@module("Do It", aliases=("it",), former=("odds.did",), former_ports={"left": ("a",), "rest": ("b",)}, former_params={"old": "share"})
def do_it(
    left: Lazy,
    model: Model,
    extra: Table | None = None,
    *more: Frame,
    share: Annotated[float, p.Range(0, 1)] = 0.5,
    mode: Annotated[Literal["rows", "by_name"], p.Title("Way of splitting"), p.Titles(rows="By rows")] = "rows",
    label: p.Column | None = None,
    key: Annotated[p.Column | None, p.Of("extra")] = None,
    columns: p.Columns = ALL,
    seed: p.Seed = p.Seed(0),
    text: Annotated[str, p.Multiline(), p.When("mode", "rows")],
    query: Annotated[str, p.Code("sql")] = "",
    count: int = 3,
    on: bool = True,
    source: p.Dataset,
) -> Halves:
    """Do it at once.

    With care.

    Args:
        left: What to
            do it to.
        share: How much.
    """


def declared():
    return read(do_it, "odds.do_it", SHELF)


def test_positional_arguments_are_inputs():
    assert [(port.name, port.kind, port.form, port.optional, port.multiple) for port in declared().inputs] == [
        ("left", "table", "lazy", False, False),
        ("model", "model", "value", False, False),
        ("extra", "table", "table", True, False),
        ("more", "table", "frame", False, True),
    ]


def test_keyword_arguments_are_settings():
    assert {param.name: param.kind.value for param in declared().params} == {
        "share": "number", "mode": "choice", "label": "column", "key": "column", "columns": "columns", "seed": "seed",
        "text": "multiline", "query": "code", "count": "integer", "on": "switch", "source": "dataset",
    }  # fmt: skip


def test_settings_carry_what_their_annotations_say():
    it = declared()
    assert it.param("share").range == p.Range(0, 1)
    assert (it.param("mode").title, it.param("share").title) == ("Way of splitting", "Share")
    assert it.param("mode").choices == (("rows", "By rows"), ("by_name", "By name"))
    assert it.param("query").language == "sql"
    assert it.param("text").shown_when == p.When("mode", "rows")
    assert it.param("columns").default == "all"
    assert [param.name for param in it.params if param.required] == ["text", "source"]
    assert [param.name for param in it.params if param.nullable] == ["label", "key"]


def test_a_column_setting_picks_from_its_port_or_the_first_table():
    assert (declared().param("label").port, declared().param("key").port) == ("left", "extra")


def test_a_named_tuple_gives_several_outputs():
    ports = declared().outputs
    assert [(port.name, port.title, port.kind, port.help) for port in ports] == [
        ("first_half", "First half", "table", "The first rows."),
        ("rest", "Rest", "report", "The others."),
    ]


@pytest.mark.parametrize(
    ("kind", "name"), [(Frame, "table"), (Lazy, "table"), (UntrainedModel, "model"), (Model, "model"), (Transform, "transform")]
)
def test_a_single_output_is_named_by_its_kind(kind, name):
    def function(): ...

    function.__annotations__ = {"return": kind}
    assert [port.name for port in read(module("X")(function), "odds.x", SHELF).outputs] == [name]


def test_the_docstring_is_the_help():
    it = declared()
    assert (it.summary, it.help, it.input("left").help, it.param("share").help) == (
        "Do it at once.",
        "With care.",
        "What to do it to.",
        "How much.",
    )


def test_former_names_are_kept():
    it = declared()
    assert (it.former, it.input("left").former, it.output("rest").former, it.former_params) == (
        ("odds.did",),
        ("a",),
        ("b",),
        {"old": "share"},
    )


@pytest.mark.parametrize("hint", [int, dict[str, int], Any])
def test_an_input_that_is_no_kind_is_refused(hint):
    def function(table): ...

    function.__annotations__ = {"table": hint, "return": Frame}
    with pytest.raises(TypeError, match="table"):
        read(module("X")(function), "odds.x", SHELF)


@pytest.mark.parametrize("hint", [bytes, list[str], Frame])
def test_a_setting_that_is_no_kind_is_refused(hint):
    def function(*, value): ...

    function.__annotations__ = {"value": hint, "return": Frame}
    with pytest.raises(TypeError, match="value"):
        read(module("X")(function), "odds.x", SHELF)


def test_a_dataset_setting_names_a_table():
    @module("Load")
    def load(*, dataset: p.Dataset) -> Table: ...

    param = read(load, "odds.load", SHELF).param("dataset")
    assert (param.kind, param.holds) == (p.ParamKind.DATASET, "table")
