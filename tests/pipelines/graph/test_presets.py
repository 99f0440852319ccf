"""Presets: named values of parameters in a document, checked when one is used."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.graph import codec
from pipelines.graph.binding import without_parameters
from pipelines.graph.model import Graph
from pipelines.graph.presets import MOST, preset_values
from pipelines.graph.problem import UnsoundGraph

SHARE = {"type": "number", "default": 0.5, "max": 1, "label": "Share of rows"}


def drawn(**presets: Any) -> Graph:
    return codec.load({"nodes": {}, "parameters": {"share": SHARE, "seed": {"type": "integer", "default": 0}}, "presets": presets})


def test_a_preset_is_part_of_the_document() -> None:
    graph = drawn(small={"share": 0.1})
    assert codec.load(codec.dump(graph)) == graph and preset_values(graph, "small") == {"share": 0.1} and preset_values(graph, "") == {}
    assert "presets" not in codec.dump(drawn())


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("none", "has no preset “none”; its presets are: gone, large"),
        ("gone", "has a value for “colour”, which is not a parameter"),
        ("large", "the parameter Share of rows must be at most 1, not 2"),
    ],
)
def test_what_cannot_be_used_is_named(preset: str, words: str) -> None:
    with pytest.raises(UnsoundGraph, match=words):
        preset_values(drawn(gone={"colour": "red"}, large={"share": 2}), preset)
    with pytest.raises(UnsoundGraph, match="it has none"):
        preset_values(drawn(), "none")


@pytest.mark.parametrize(
    "presets",
    [[], {"": {}}, {" ": {}}, {"x" * 61: {}}, {"a": []}, {str(place): {} for place in range(MOST + 1)}, {"a": {"share": float("nan")}}],
)
def test_what_does_not_follow_the_format_is_refused(presets: Any) -> None:
    with pytest.raises(UnsoundGraph) as refused:
        codec.load({"nodes": {}, "presets": presets})
    assert refused.value.problems[0].code in ("bad_presets", "bad_preset", "bad_value")


def test_a_parameter_that_goes_leaves_presets_too() -> None:
    assert without_parameters(drawn(small={"share": 0.1, "seed": 1}), ["share"]).presets == {"small": {"seed": 1}}
