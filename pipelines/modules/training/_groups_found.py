"""What came of the models of all groups: a table with a row for each group, and the report with a histogram and the worst groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import ItemResult
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Block, bin_edges, chart, table
from pipelines.modelling.evaluation.group_maps import maps
from pipelines.modelling.task import Metric

WAPE = "wape"
BINS, FEWEST_BINS, MOST_WORST, MOST_FAILED = 40, 5, 20, 100
MANY = 100  # groups from which on the worst hundredth is left out of the histogram
OUTCOME, TRAINED, ONE_MODEL, LEARNER = "Outcome", "trained", "One model of all", "Learner"
WORDS = {
    "constant_label": "the label is the same in all rows",
    "infinite_values": "a feature has infinite values, treated as missing",
    "new_level": "rows it was judged on have texts that were not in training",
    "clock_gap": "times are missing in between; rows are taken as they follow each other",
    "too_few_rows_to_judge": "there are too few rows to judge the model",
    "not_judged": "no model could be trained or judged without the rows to judge on",
    "missing_values": "rows with a missing value were left out",
    "too_few_rows_to_choose": "there are too few rows to choose a learner; the first one is used",
    "no_unique_solution": "the columns depend on each other; of all solutions the smallest is used",
}
REST = ("First time", "Last time", OUTCOME, "Reason", "Remedy", "Remarks")


@dataclass(frozen=True)
class Found:
    """The groups, and what came of each.

    Args:
        keys: The values of the key columns, a row for each group.
        results: Of each group; figures have `rows`, `tested`, `metrics` by key, and `remarks`.
        metrics: The figures, the main one first.
        times: The first and the last time of each group, where there is a column of times.
        others: The metrics of what the models are compared with, by the group's name.
        beside: What that is.
        choosing: Whether each group has a learner of its own choice: figures have its name, `learner`, and the main figure of the others, `rivals`.
    """

    keys: pl.DataFrame
    results: Sequence[ItemResult]
    metrics: Sequence[Metric]
    times: pl.DataFrame | None = None
    others: Mapping[str, Mapping[str, Any]] | None = None
    beside: str = ONE_MODEL
    choosing: bool = False

    def values(self, key: str) -> list[float | None]:
        """Return a figure of each group, missing where there is none."""
        return [None if result.failure else result.figures["metrics"].get(key) for result in self.results]

    def of_learner(self, name: str) -> list[float | None]:
        """Return the main figure of each group with one and the same learner."""
        good = [result.figures or {} for result in self.results]
        main = self.values(self.metrics[0].key)
        return [own if each.get("learner") == name else each.get("rivals", {}).get(name) for each, own in zip(good, main, strict=True)]

    def over_all(self, values: Sequence[float | None]) -> float | None:
        """Return the main figure over all groups that have one: WAPE over all rows, and the mean of the groups for others."""
        weighs = self.metrics[0].key == WAPE
        actual = [(result.figures or {}).get("sum_of_values", 1.0) if weighs else 1.0 for result in self.results]
        known = [(value, weight) for value, weight in zip(values, actual, strict=True) if value is not None]
        whole = sum(weight for _, weight in known)
        return sum(value * weight for value, weight in known) / whole if whole else None

    def other(self, key: str) -> list[float | None]:
        """Return a figure of what the models are compared with, for each group."""
        return [(self.others or {}).get(result.key, {}).get(key) for result in self.results]


def head(
    keys: pl.DataFrame, metrics: Sequence[Metric], time: pl.DataType | None, *, beside: str = "", choosing: bool = False
) -> pl.DataFrame:
    """Return the columns of the table of figures, without rows.

    Raises:
        ModuleError: `reserved_name`, when a key column is called as one of them.
    """
    numbers = [*(metric.title for metric in metrics), *([f"{beside}: {metrics[0].title}"] if beside else [])]
    names: dict[str, Any] = ({LEARNER: pl.String} if choosing else {}) | {"Rows": pl.Int64, "Rows judged on": pl.Int64}
    names |= dict.fromkeys(numbers, pl.Float64)
    names |= dict.fromkeys(REST[:2], time) if time is not None else {}
    names |= dict.fromkeys(REST[2:], pl.String)
    if taken := sorted(names.keys() & set(keys.columns)):
        raise ModuleError(
            "reserved_name",
            f"The column of groups “{taken[0]}” is called as a column of the figures.",
            port="table",
            param="groups",
            column=taken[0],
            remedy="Rename it with Edit Metadata.",
        )
    return pl.DataFrame(schema={**keys.schema, **names})


def figures_table(found: Found) -> Table:
    """Return a row for each group: its rows, figures, and outcome, with the reason where it failed."""
    time = None if found.times is None else found.times.dtypes[0]
    schema = head(found.keys, found.metrics, time, beside="" if found.others is None else found.beside, choosing=found.choosing).schema
    good = [result.figures or {} for result in found.results]
    columns: dict[str, Any] = {
        **{name: found.keys[name] for name in found.keys.columns},
        **({LEARNER: [each.get("learner") for each in good]} if found.choosing else {}),
        "Rows": [each.get("rows") for each in good],
        "Rows judged on": [each.get("tested") for each in good],
        **{metric.title: found.values(metric.key) for metric in found.metrics},
    }
    if found.others is not None:
        columns[f"{found.beside}: {found.metrics[0].title}"] = found.other(found.metrics[0].key)
    if found.times is not None:
        columns |= dict(zip(REST[:2], found.times.iter_columns(), strict=True))
    failures = [result.failure for result in found.results]
    columns[OUTCOME] = [failure.code if failure else TRAINED for failure in failures]
    columns["Reason"] = [failure and failure.words for failure in failures]
    columns["Remedy"] = [failure and failure.remedy for failure in failures]
    columns["Remarks"] = [", ".join(each.get("remarks", ())) or None for each in good]
    return Table(pl.DataFrame(columns, schema=schema))


def tell(found: Found) -> None:
    """Log how many groups have a model, why others failed, and what is worth knowing of how many."""
    failed = Counter(result.failure.code for result in found.results if result.failure)
    total = len(found.results)
    log(f"{counted(total - failed.total(), 'group')} of {total:,} {'has' if total - failed.total() == 1 else 'have'} a model.")
    for code, times in failed.most_common():
        log(f"{counted(times, 'group')} of {total:,} failed: {code}.", "warning")
    for code, times in _remarks(found).most_common():
        log(f"In {counted(times, 'group')} of {total:,}: {WORDS[code]} ({code}).", "warning")
    if wins := _wins(found).most_common():
        log(f"Learners: {', '.join(f'{name} in {times:,}' for name, times in wins)}.")
    for what, groups, own, other, better in _compared(found):
        log(
            f"{_over_all(found.metrics[0])} by group is {own:.4g}, and {other:.4g} of {what}, in {counted(groups, 'group')} ({better:+.1f}\u00a0%)."
        )


def _remarks(found: Found) -> Counter[str]:
    return Counter(code for result in found.results if not result.failure for code in result.figures["remarks"])


def _wins(found: Found) -> Counter[str]:
    return Counter(result.figures["learner"] for result in found.results if found.choosing and not result.failure)


def _compared(found: Found) -> Iterator[tuple[str, int, float, float, float]]:
    """Yield what the models are compared with, over the groups that both were judged on: their number, both main figures, and by how many percent ours is better."""
    main = found.metrics[0]
    names = sorted({name for result in found.results if not result.failure for name in result.figures.get("rivals", ())})
    sides = {f"{name} in every group": found.of_learner(name) for name in names}
    for what, values in [*([(found.beside.lower(), found.other(main.key))] if found.others else []), *sides.items()]:
        both = [own if other is not None else None for own, other in zip(found.values(main.key), values, strict=True)]
        theirs = [other if own is not None else None for own, other in zip(both, values, strict=True)]
        own, other = found.over_all(both), found.over_all(theirs)
        if own is not None and other:
            better = 100 * (other - own) / abs(other) * (1 if main.better == "low" else -1)
            yield what, sum(value is not None for value in theirs), own, other, better


def report(title: str, found: Found, charts: Sequence[Block] = ()) -> Report:
    """Return the report: figures over the groups, a histogram, the worst groups, charts of groups, and those that failed."""
    failed = [result for result in found.results if result.failure]
    facts: list[list[Any]] = [["Groups", len(found.results)], ["Groups with a model", len(found.results) - len(failed)]]
    facts += [["Groups that failed", len(failed)], ["Rows", sum(each.figures["rows"] for each in found.results if not each.failure)]]
    facts += [[f"Groups where {WORDS[code]}", times] for code, times in _remarks(found).most_common()]
    blocks = [table("Groups", ["What", "Value"], facts), *_judged(found), *charts]
    if failed:
        codes = Counter(result.failure.code for result in failed if result.failure).most_common()
        rows = [[result.key, result.failure.code, result.failure.words] for result in failed[:MOST_FAILED] if result.failure]
        blocks += [table("Failures", ["Outcome", "Groups"], [list(code) for code in codes])]
        blocks += [table("Groups that failed", ["Group", "Outcome", "Reason"], rows)]
    means = {metric.key: _mean(found.values(metric.key)) for metric in found.metrics}
    return Report(title, blocks, [{"name": title, "metrics": means}])


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _judged(found: Found) -> Iterator[Block]:
    main = found.metrics[0]
    known = [(result, value) for result, value in zip(found.results, found.values(main.key), strict=True) if value is not None]
    if not known:
        return
    rows = [
        [metric.title, len(values), *(float(np.quantile(values, share)) for share in (0.1, 0.5, 0.9)), float(np.mean(values))]
        for metric in found.metrics
        if (values := [value for value in found.values(metric.key) if value is not None])
    ]
    yield table("Figures of the groups", ["Metric", "Groups", "10\u00a0%", "Median", "90\u00a0%", "Mean"], rows)
    if found.choosing:
        yield table("Learner wins", [LEARNER, "Groups"], [list(win) for win in _wins(found).most_common()])
    if others := list(_compared(found)):
        heads = ["Compared with", "Groups", f"{_over_all(main)}, by group", f"{_over_all(main)}, compared", "By group is better by (%)"]
        yield table("By group beside others", heads, [list(row) for row in others])
    if found.others is not None:
        yield _beside(found)
    yield _histogram(main, np.array([value for _, value in known]))
    yield from maps(found.keys, found.values(main.key), [(result.figures or {}).get("rows") for result in found.results], main)
    worst = sorted(known, key=lambda each: each[1], reverse=main.better == "low")[:MOST_WORST]
    titles = ["Group", "Rows", "Rows judged on", *(metric.title for metric in found.metrics)]
    yield table(
        f"Worst groups by {main.title}",
        titles,
        [
            [result.key, result.figures["rows"], result.figures["tested"], *(result.figures["metrics"].get(m.key) for m in found.metrics)]
            for result, _ in worst
        ],
    )


def _over_all(metric: Metric) -> str:
    return f"{metric.title} over all rows" if metric.key == WAPE else f"{metric.title} (mean of the groups)"


def _beside(found: Found) -> Block:
    """The models by group beside another forecast, over the groups that both were judged on."""
    rows = []
    for metric in found.metrics:
        pairs = [
            (own, other)
            for own, other in zip(found.values(metric.key), found.other(metric.key), strict=True)
            if own is not None and other is not None
        ]
        if pairs:
            own, other = np.array(pairs).T
            better = own < other if metric.better == "low" else own > other
            rows.append([metric.title, len(pairs), float(np.median(own)), float(np.median(other)), float(better.mean())])
    said = found.beside.lower()
    heads = ["Groups", "Median, by group", f"Median, {said}", "Share where by group is better"]
    return table(f"Models by group beside: {said}", ["Metric", *heads], rows)


def _histogram(metric: Metric, values: np.ndarray) -> Block:
    shown = values  # of few groups no hundredth is left out
    if len(values) >= MANY:
        shown = values[values <= np.quantile(values, 0.99)] if metric.better == "low" else values[values >= np.quantile(values, 0.01)]
    left = f" {counted(len(values) - len(shown), 'group')} beyond the worst hundredth {'is' if len(values) - len(shown) == 1 else 'are'} not shown."
    rows, edges = np.histogram(shown, bin_edges(shown, min(BINS, max(FEWEST_BINS, len(shown) // 2))))
    bars = [
        {"from": low, "to": high, "groups": many}
        for low, high, many in zip(edges[:-1].tolist(), edges[1:].tolist(), rows.tolist(), strict=True)
    ]
    spec = {
        "data": {"values": bars},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "title": metric.title, "bin": {"binned": True}},
            "x2": {"field": "to"},
            "y": {"field": "groups", "type": "quantitative", "title": "Groups", "stack": None, "axis": {"tickMinStep": 1}},
        },
    }
    words = f"Number of groups by {metric.title}.{left if len(shown) < len(values) else ''}"
    return chart(f"Groups by {metric.title}", "groups_by_metric", words, spec)
