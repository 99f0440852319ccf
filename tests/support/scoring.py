"""Runs pipelines in the test and derives their scoring graphs, without a database."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save, save_table
from pipelines.execution.output import Output
from pipelines.execution.store import LocalStore
from pipelines.graph import codec
from pipelines.graph.model import Endpoint
from pipelines.serving.bundle import write_bundle
from pipelines.serving.derivation import derive
from pipelines.serving.graph import ScoringGraph
from pipelines.serving.parity import ParityReport, prove
from pipelines.serving.scorer import Scorer
from tests.support.graph_builder import document
from tests.support.module_runner import run_graph

HOUSES = "size,rooms,town,note,price\n" + "\n".join(
    f"{40 + 7 * at % 60},{1 + at % 4 if at % 9 else ''},{'abc'[at % 3]},{'x' * (at % 5)},{100 + 13 * at % 70}" for at in range(60)
)


class Results:
    """What a pipeline that ran in the test left."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
        self.values, self.store = values, LocalStore(folder)
        self._records: dict[Endpoint, Output] = {}

    def record(self, end: Endpoint) -> Output | None:
        value = self.values.get(end.node, {}).get(end.port)
        if value is not None and end not in self._records:
            bare = Table(value.frame, value.roles) if isinstance(value, Table) else value
            self._records[end] = save_table(bare, self.store) if isinstance(bare, Table) else save(bare, self.store)
        return self._records.get(end)

    def value(self, end: Endpoint) -> Any:
        return self.values[end.node][end.port]


class Trained:
    """A pipeline that ran, and the scoring graph of one of its outputs."""

    def __init__(self, drawn: dict[str, Any], folder: Path, scored: str | None = None, values: Any = None) -> None:
        self.values = run_graph(drawn) if values is None else values
        self.results = Results(self.values, folder)
        end = Endpoint(*scored.rsplit(".", 1)) if scored else None
        self.graph: ScoringGraph = derive(codec.load(drawn), catalogue(), self.results, end)
        self.bundle = write_bundle(self.graph, self.results.store)

    @property
    def scorer(self) -> Scorer:
        return Scorer.load(self.bundle)

    def fate(self, node: str) -> str:
        return next(each.fate for each in self.graph.decisions if each.node == node)

    def value(self, end: Endpoint) -> Table:
        return self.values[end.node][end.port]

    def proof(self) -> ParityReport:
        return prove(self.bundle, self.value(Endpoint(*self.graph.scored.rsplit(".", 1))), self.value(self.graph.request_end))


def houses(
    *between: tuple[str, tuple[Any, ...] | str], learner: str = "regression.linear_regression", label: str = "price", text: str = HOUSES
) -> dict[str, Any]:
    """A pipeline that trains on houses and scores others; the nodes between the data and the split are in a row."""
    names = ["data", *(name for name, _ in between), "split"]
    nodes = {
        "data": ("data.enter_data", {"text": text}),
        **dict(between),
        "split": ("transform.split_data", {"fraction": 0.6}),
        "learner": learner,
        "train": ("training.train_model", {"label": label}),
        "score": "scoring.score_model",
        "evaluate": "evaluation.evaluate_model",
    }
    row = [f"{one}.table {other}.{'t1' if nodes[other][0] == 'transform.sql' else 'table'}" for one, other in pairwise(names)]
    ends = (
        "learner.model train.untrained|split.first train.table|train.model score.model|split.second score.table|score.table evaluate.scored"
    )
    return {"format": 1, "name": "Houses", **document(nodes, *row, *ends.split("|"))}
