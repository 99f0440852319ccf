"""Declared parameters: their format, and which values they take."""

import pytest

from pipelines.graph import codec
from pipelines.graph.parameters import Parameter
from pipelines.graph.problem import UnsoundGraph
from tests.support.graph_builder import codes

GOOD = {
    "fraction": {"type": "number", "default": 0.5, "min": 0, "max": 1, "label": "Share", "help": "Of the rows."},
    "folds": {"type": "integer", "default": 3},
    "word": {"type": "text", "default": "ab", "pattern": "[a-z]+"},
    "on": {"type": "boolean", "default": False},
    "how": {"type": "choice", "default": "rows", "choices": ["rows", "groups"]},
    "day": {"type": "date", "default": "2027-03-31"},
    "hour": {"type": "time", "default": "14:30"},
    "label": {"type": "column", "default": "price"},
    "columns": {"type": "columns", "default": ["price", "make"]},
    "data": {"type": "dataset", "required": True},
    "bucket": {"type": "connection", "default": "s3"},
}


def test_parameters_are_read_and_written():
    graph = codec.load({"nodes": {}, "parameters": GOOD})
    assert codec.dump(graph)["parameters"] == GOOD


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a b", {"type": "text", "default": ""}, "its name must be"),
        ("a", 3, "must be an object"),
        ("a", {"type": "secret", "default": "x"}, "the type must be one of"),
        ("a", {"default": "x"}, "the type must be one of"),
        ("a", {"type": "text", "default": "", "colour": 1}, "unknown key 'colour'"),
        ("a", {"type": "number", "default": 2, "max": 1}, "its default must be at most 1, not 2"),
        ("a", {"type": "number", "default": 2, "max": "1"}, "its max must be a number"),
        ("a", {"type": "number", "default": 2, "max": True}, "its max must be a number"),
        ("a", {"type": "number"}, "its default must be a number"),
        ("a", {"type": "choice", "default": "x"}, "a choice needs choices"),
        ("a", {"type": "choice", "default": "x", "choices": ["y"]}, "its default must be one of y"),
        ("a", {"type": "choice", "default": "x", "choices": [1]}, "its choices must be"),
        ("a", {"type": "text", "default": "x", "pattern": "("}, "its pattern must be a regular expression"),
        ("a", {"type": "text", "default": "x", "pattern": "(?=x)"}, "without look-around"),
        ("a", {"type": "number", "default": 1, "pattern": "1"}, "a pattern is for text"),
        ("a", {"type": "text", "default": "x", "label": "l" * 10_001}, "at most 10,000 characters"),
        ("a", {"type": "text", "default": "\x00"}, "cannot be stored"),
    ],
)
def test_what_does_not_follow_the_format_is_named(name, data, words):
    with pytest.raises(UnsoundGraph) as wrong:
        codec.load({"nodes": {}, "parameters": {name: data}})
    assert words in wrong.value.problems[0].words


def test_too_many_and_no_object_are_refused():
    many = {f"p{number}": {"type": "integer", "default": 1} for number in range(201)}
    for parameters in (many, [1]):
        with pytest.raises(UnsoundGraph) as wrong:
            codec.load({"nodes": {}, "parameters": parameters})
        assert codes(wrong.value.problems) == ["bad_parameters"]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("folds", 4.0, 4),
        ("fraction", 1, 1),
        ("word", "xyz", "xyz"),
        ("day", "2027-12-01", "2027-12-01"),
        ("hour", "09:05:30", "09:05:30"),
        ("columns", ["a"], [{"include": {"names": ["a"]}}]),
        ("columns", "all", "all"),
        ("columns", [{"exclude": {"names": ["a"]}}], [{"exclude": {"names": ["a"]}}]),
    ],
)
def test_a_value_is_read(name, given, value):
    assert Parameter.from_json(name, GOOD[name] | {"default": None}).read(given) == value


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("folds", 4.5),
        ("folds", True),
        ("folds", "4"),
        ("folds", float("inf")),
        ("fraction", float("nan")),
        ("fraction", 1.5),
        ("fraction", -1),
        ("word", "x1"),
        ("word", "x" * 10_001),
        ("word", None),
        ("on", 1),
        ("how", "columns"),
        ("day", "31.03.2027"),
        ("hour", "25:00"),
        ("label", ""),
        ("columns", [1]),
        ("columns", "price"),
        ("bucket", 7),
    ],
)
def test_a_wrong_value_is_refused(name, given):
    with pytest.raises(ValueError, match="must "):
        Parameter.from_json(name, GOOD[name]).read(given)


def test_a_pattern_takes_time_linear_in_the_text():
    nasty = Parameter("a", "text", "", pattern="(a+)+b")
    with pytest.raises(ValueError, match="must match"):
        nasty.read("a" * 10_000)
