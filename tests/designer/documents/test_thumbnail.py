"""The small picture of a pipeline."""

from __future__ import annotations

from typing import Any

from designer.documents.thumbnail import MOST, thumbnail


def grid(nodes: int, wide: int = 50) -> dict[str, Any]:
    """Chains of fifty, one beside the other."""
    placed = {f"n{at}": {"module": "transform.normalize", "position": [at // wide * 300, at % wide * 120]} for at in range(nodes)}
    return {"nodes": placed, "edges": [[f"n{at}.table", f"n{at + 1}.table"] for at in range(nodes - 1) if (at + 1) % wide]}


def extent(summary: dict[str, Any]) -> tuple[float, float]:
    return max(x for x, _, _ in summary["nodes"]), max(y for _, y, _ in summary["nodes"])


def test_a_small_pipeline_is_shown_whole() -> None:
    summary = thumbnail(grid(100))
    assert len(summary["nodes"]) == 100 and len(summary["edges"]) == 98
    assert summary["nodes"][0] == [0, 0, "transform"] and summary["edges"][0] == [0, 1]


def test_a_large_pipeline_keeps_its_extent() -> None:
    thousand, three = thumbnail(grid(1000)), thumbnail(grid(3000))
    assert len(thousand["nodes"]) <= MOST and len(three["nodes"]) <= MOST
    assert extent(thousand) == (19 * 300, 49 * 120) and extent(three) == (59 * 300, 49 * 120)
