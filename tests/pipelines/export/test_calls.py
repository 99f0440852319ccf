"""The calls of a script: names from titles, literals, references to parameters."""

from __future__ import annotations

import ast
import keyword
from typing import Any

import pytest

from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.export.calls import Calls, identifier, literal


@pytest.mark.parametrize("title", ["Split 70/30", "class", "", "1st part", "Größe — ü", "x" * 200, "None", "a\nb"])
def test_a_title_gives_a_name_of_python(title: str) -> None:
    name = identifier(title)
    assert name.isidentifier() and not keyword.iskeyword(name)


@pytest.mark.parametrize(
    "value", [None, True, 1.5, "it's", 'a "b"', "a\nb", 'a\n"', "a\\\nb", 'x"""y\nz', [1, {"a": ["b"]}], {"k": None}, "a\r\nb", "a\n\x00b"]
)
def test_a_value_is_read_back_as_it_was(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


def test_a_reference_is_the_parameter_also_within_options() -> None:
    assert literal({"$parameter": "share"}) == "p.share"
    assert literal({"$parameter": "class"}) == "getattr(p, 'class')"
    assert literal({"depth": {"$parameter": "depth"}}) == "{'depth': p.depth}"


def test_equal_titles_get_numbers_comments_are_kept_and_names_of_the_script_are_free() -> None:
    nodes = {
        "a": {"module": "data.enter_data", "params": {"text": "x\n1"}, "title": "Run"},
        "b": {"module": "transform.sort_rows", "title": "Same"},
        "c": {"module": "transform.remove_duplicate_rows", "title": "Same", "comment": 'Why:\nit is "so"'},
    }
    graph = flow.read({"nodes": nodes, "edges": [["a.table", "c.table"]]})
    graph = graph.only(["a", "c"])
    calls = Calls(graph, compile(graph, catalogue(), {}), catalogue(), {}).calls
    assert [call.name for call in calls] == ["run_2", "same"]
    assert calls[1].lines[:2] == ("# Why:", '# it is "so"')
    assert "table=run_2.table" in "".join(calls[1].lines)
