"""Two sets of models by group side by side: their figures group by group."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Report
from pipelines.catalogue.reporting import log
from pipelines.kinds.models_by_group import GROUP, ModelsByGroup
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modelling.evaluation.group_maps import maps
from pipelines.modelling.task import Metric, offered
from pipelines.modelling.tasks import label_tasks

STATES = ("improved", "worse", "about the same", "not judged", "new", "gone")
IMPROVED, WORSE, SAME, UNKNOWN, NEW, GONE = STATES
SERIES = (Metric("wape", "WAPE", "low"), Metric("mase", "MASE", "low"))  # main figures that no task has
STATE, EARLIER_ROWS, ROWS, CHANGED, CHANGE = "State", "Earlier rows", "Rows", "Rows changed", "Better by (%)"
MOST_POINTS, MOST_LISTED = 3_000, 20


def main_metric(models: ModelsByGroup, earlier: ModelsByGroup) -> Metric:
    """Return the figure that two sets are compared by: the first one that both have.

    Raises:
        ModuleError: `other_models`, when they predict something else, or of other groups.
    """
    if (models.label, models.by) != (earlier.label, earlier.by):
        told = [f"“{each.label}” by {listed(list(each.by))}" for each in (models, earlier)]
        words = f"The models predict {told[0]}, and the earlier ones {told[1]}."
        raise ModuleError("other_models", words, port="earlier", remedy="Connect models of the same label and columns of groups.")
    for column in models.by if models.keys.width and earlier.keys.width else ():
        now, then = models.keys.schema[column], earlier.keys.schema[column]
        if kind_of(now) != kind_of(then) and pl.Null not in (now, then):
            words = f"The groups in “{column}” are {kind_of(now)}s, and were {kind_of(then)}s."
            raise ModuleError("other_models", words, port="earlier", column=column, remedy="Train both on columns of the same type.")
    known = {metric.key: metric for task in label_tasks().values() for metric in offered(task)} | {metric.key: metric for metric in SERIES}
    both = [known[key] for key in models.facts.columns if key in known and key in earlier.facts.columns]
    if both or not (models.facts.width and earlier.facts.width):
        return both[0] if both else SERIES[0]
    words = f"The models are for the task {models.task.replace('_', ' ')}, the earlier ones for {earlier.task.replace('_', ' ')}."
    raise ModuleError("other_models", words, port="earlier", remedy="Connect models of the same task.")


def titles(metric: Metric) -> tuple[str, str]:
    """Return the columns of both figures."""
    return f"Earlier {metric.title}", metric.title


def head(models: ModelsByGroup, metric: Metric) -> pl.DataFrame:
    """Return the columns of the comparison, without rows.

    Raises:
        ModuleError: `reserved_name`, when a column of groups is called as one of them.
    """
    numbers = {name: pl.Float64() for name in (*titles(metric), CHANGE)}
    more = {STATE: pl.String()} | numbers | {EARLIER_ROWS: pl.Int64(), ROWS: pl.Int64(), CHANGED: pl.Boolean()}
    if taken := [name for name in models.by if name in more]:
        words = f"The column of groups “{taken[0]}” is called as a column of the comparison."
        raise ModuleError("reserved_name", words, port="models", column=taken[0], remedy="Rename it with Edit Metadata, and train again.")
    return pl.DataFrame(schema={**models.keys.schema, **more})


def compared(models: ModelsByGroup, earlier: ModelsByGroup, metric: Metric, least: float) -> pl.DataFrame:
    """Return a row for each group: those of the models in their order, then those that are gone.

    Args:
        models: The models.
        earlier: Those that they are compared with.
        metric: The figure.
        least: By which share of the earlier figure it has to change to count.
    """
    then, now = titles(metric)
    by = list(models.by)
    mine, theirs = _known(models, metric, now, ROWS), _known(earlier, metric, then, EARLIER_ROWS)
    theirs = theirs.with_columns(pl.col(column).cast(mine.schema[column], strict=False) for column in by if column in mine.columns)
    both = mine.join(theirs, on=by, how="full", nulls_equal=True, coalesce=True, maintain_order="left_right")
    gain = (pl.col(then) - pl.col(now)) * (1 if metric.better == "low" else -1)
    limit = least * pl.col(then).abs()
    state = (
        pl.when(pl.col(ROWS).is_null()).then(pl.lit(GONE)).when(pl.col(EARLIER_ROWS).is_null()).then(pl.lit(NEW))
        .when(gain.is_null()).then(pl.lit(UNKNOWN)).when(gain > limit).then(pl.lit(IMPROVED)).when(gain < -limit).then(pl.lit(WORSE))
        .otherwise(pl.lit(SAME))
    )  # fmt: skip
    change = pl.when(pl.col(then) != 0).then(100 * gain / pl.col(then).abs())
    is_other = pl.col("digest") != pl.col("digest_right")
    found = both.with_columns(state.alias(STATE), change.alias(CHANGE), is_other.alias(CHANGED))
    return found.select(*head(models, metric).columns)


def _known(models: ModelsByGroup, metric: Metric, figure: str, rows: str) -> pl.DataFrame:
    facts = models.facts
    columns = {
        name: facts[key] if key in facts.columns else None for name, key in ((figure, metric.key), (rows, "rows"), ("digest", "digest"))
    }
    types = {figure: pl.Float64(), rows: pl.Int64(), "digest": pl.String()}
    return models.keys.with_columns(
        pl.lit(None, dtype=types[name]).alias(name) if values is None else values.cast(types[name]).alias(name)
        for name, values in columns.items()
    )


def tell(found: pl.DataFrame) -> None:
    """Log how many groups are in which state."""
    counts = dict(found[STATE].value_counts().iter_rows())
    told = ", ".join(f"{counts[state]:,} {state}" for state in STATES if state in counts)
    log(f"Of {counted(found.height, 'group')}: {told}." if told else "There are no groups.", "warning" if counts.get(WORSE) else "info")


def report(models: ModelsByGroup, found: pl.DataFrame, metric: Metric) -> Report:
    """Return how many groups are in which state, both figures of each, and the groups that have become worst."""
    then, now = titles(metric)
    counts = dict(found[STATE].value_counts().iter_rows())
    both = found.filter(pl.col(STATE).is_in([IMPROVED, WORSE, SAME]))
    figures = [[name, both.height, both[name].median(), both[name].mean()] for name in (then, now)]
    blocks = [
        table("Groups", [STATE, "Groups"], [[state, counts.get(state, 0)] for state in STATES]),
        table(f"{metric.title} of the groups in both", ["Figure", "Groups", "Median", "Mean"], figures),
    ]
    if both.height:
        blocks.append(_chart(both, metric))
        blocks += maps(both.select(models.by), both[CHANGE].to_list(), both[ROWS].to_list(), Metric("change", CHANGE, "high"))
    if counts.get(WORSE):
        worst = found.filter(pl.col(STATE) == WORSE).sort(CHANGE, nulls_last=True).head(MOST_LISTED)
        rows = _listed(worst, models, (then, now, CHANGE, EARLIER_ROWS, ROWS))
        blocks.append(table("Groups that have become worst", ["Group", then, now, CHANGE, EARLIER_ROWS, ROWS], rows))
    metrics: dict[str, Any] = {state.replace(" ", "_"): counts.get(state, 0) for state in STATES}
    return Report("Models by group compared", blocks, [{"name": models.name, "metrics": metrics}])


def _listed(found: pl.DataFrame, models: ModelsByGroup, columns: tuple[str, ...]) -> list[list[Any]]:
    named = models.keys.with_columns(models.facts[GROUP])
    return [
        list(row) for row in found.join(named, on=list(models.by), nulls_equal=True, maintain_order="left").select(GROUP, *columns).rows()
    ]


def _chart(both: pl.DataFrame, metric: Metric) -> Block:
    then, now = titles(metric)
    shown = both if both.height <= MOST_POINTS else both.sample(MOST_POINTS, seed=0)
    points = [{"then": before, "now": after, "state": state} for before, after, state in shown.select(then, now, STATE).rows()]
    values = [value for row in points for value in (row["then"], row["now"])]
    ends = [min(values), max(values)]
    spec = {
        "layer": [
            {
                "mark": {"type": "line", "style": "guide", "strokeWidth": 1, "tooltip": False},
                "data": {"values": [{"then": end, "now": end} for end in ends]},
            },
            {
                "mark": {"type": "point", "tooltip": True},
                "data": {"values": points},
                "encoding": {"color": {"field": "state", "type": "nominal", "title": STATE, "sort": list(STATES[:3])}},
            },
        ],
        "encoding": {
            "x": {"field": "then", "type": "quantitative", "title": then},
            "y": {"field": "now", "type": "quantitative", "title": now},
        },
    }
    side = "below" if metric.better == "low" else "above"
    some = f" {MOST_POINTS:,} groups, drawn at random, are shown." if shown.height < both.height else ""
    return chart(
        f"{metric.title} earlier and now", "groups_compared", f"Each point is a group; points {side} the line are better now.{some}", spec
    )
