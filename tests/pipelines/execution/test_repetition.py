"""For Each in a run: items by group, what leaves, what is reused, and what fails."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines import flow
from pipelines.graph import codec
from pipelines.models import Item
from tests.support.graph_builder import document
from tests.support.ledger_driver import new_scope, run, step

pytestmark = pytest.mark.django_db

ROWS = "shop,day,sold\na,1,10\nb,1,3\na,2,20\nb,2,5\nc,1,7\n"


def repeated(nodes, *wires, inside=None, text=ROWS, groups=None, **settings):
    """A table `data`, For Each `each` and modules after it; those of `inside` are in its sub-pipeline, all unless given."""
    groups = {"groups": ["shop"]} if groups is None else groups
    given = {"data": ("data.enter_data", {"text": text}), "each": ("transform.for_each", {**groups, **settings}), **nodes}
    drawn = document(given, "data.table each.table", *wires)
    for node in ("each", *(nodes if inside is None else inside)):
        drawn["nodes"][node]["group"] = "part"
    return codec.load({**drawn, "groups": {"part": {"title": "Each shop"}}})


SUM = ("transform.sql", {"query": "select sum(sold) as total, count(*) as rows from t1"})
RANK = ("transform.apply_math", {"columns": ["sold"], "operation": "rank"})


def table(it, node, port="table"):
    return flow.table(flow.output(it, node, port), it.scope).frame


def executed(it):
    return Item.objects.filter(run=it, reused=False).count()


NORMAL = ("transform.normalize", {"columns": ["sold"]})


def test_the_tables_of_all_groups_are_put_together_in_the_order_of_the_source():
    it = run(repeated({"scale": NORMAL}, "each.rows scale.table"))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    frame = table(it, "scale")
    assert frame.columns == ["shop", "day", "sold"]
    assert frame["shop"].to_list() == ["a", "a", "b", "b", "c"]
    assert frame["sold"].round(6).to_list() == [-1.0, 1.0, -1.0, 1.0, 0.0]
    assert table(it, "each", "failures").is_empty()
    assert table(it, "each", "rows").height == 5
    print([e for e in flow.events(it)])
