"""Warnings of leakage: test rows that something was fitted on, test rows that were trained on, features that are computed from the label, and what
folds cannot fit again.

They are certain, whatever the data; what only the data show, Train Model says when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.lineage import told
from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import TABLE
from pipelines.graph.model import Graph, Node
from pipelines.graph.problem import Problem
from pipelines.validation.lineage import Fit, KnownTables, Lineages, RowSet, Value, settings_of, share
from pipelines.validation.naming import called
from pipelines.validation.refitting import Paths, asking

MOST_COLUMNS = 10


def leaks(graph: Graph, catalogue: Catalogue, tables: KnownTables) -> list[Problem]:
    """Return a warning for each leak.

    Args:
        graph: A graph without errors.
        catalogue: The modules.
        tables: The tables without rows of the outputs, by node and port, as far as they are known.
    """
    declared = [catalogue.modules[node.module].lineage for node in graph.nodes.values()]
    if not any(each.tests or each.trains for each in declared):
        return []
    search = _Search(graph, catalogue, Lineages(graph, catalogue, tables))
    return [*search.of_tests(), *search.of_labels(), *search.of_folds()]


class _Search:
    def __init__(self, graph: Graph, catalogue: Catalogue, lineages: Lineages) -> None:
        self._graph, self._catalogue, self._lineages = graph, catalogue, lineages

    def of_tests(self) -> Iterator[Problem]:
        """Yield the tests whose rows the model was trained on, and what else was fitted on rows that a model is tested on."""
        known: set[str] = set()
        for node, module in self._modules():
            if not told(module.lineage.tests, settings_of(module, node)):
                continue
            table = next(port for port in module.inputs if port.kind == TABLE)
            for tested in self._lineages.arriving(node.id, table.name):
                models = [value for port in module.inputs if port.kind != TABLE for value in self._lineages.arriving(node.id, port.name)]
                trained: RowSet = frozenset(rows for value in models for rows in value.rows)
                if share(trained, tested.rows):
                    yield self._trained_on(node, module, table)
                    continue
                fits = sorted({fit for value in (*models, tested) for fit in value.fits}, key=lambda fit: fit.node)
                for fit in fits:
                    if fit.node not in known and share(fit.rows, tested.rows):
                        known.add(fit.node)
                        yield self._fitted(fit, node, module, before=share(fit.rows, trained) or not trained)

    def _trained_on(self, node: Node, module: Module, table: Port) -> Problem:
        name = called(node, module)
        return Problem(
            "tested_on_training_rows",
            f"{name}: the model was trained on rows of this table, so its scores look better than they are on new rows.",
            node=node.id,
            port=table.name,
            remedy="Split the rows with Split Data. Train on one output, and score the other.",
            severity="warning",
            subject=(f"{name}: ",),
        )

    def _fitted(self, fit: Fit, test: Node, tester: Module, *, before: bool) -> Problem:
        node = self._graph.nodes[fit.node]
        module = self._catalogue.modules[node.module]
        name = called(node, module)
        again = any(kinds()[port.kind].fitted for port in module.outputs)
        if before:
            learns = "and the label in them" if module.lineage.label else "although they should be new to it"
            words = f"it learns from rows that {called(test, tester)} tests the model on, {learns}."
            then = " Give the test rows the same with Apply Transformation." if again else ""
            remedy = f"Connect it after the split, to the training rows only.{then}"
        else:
            words = f"it is fitted on the rows that {called(test, tester)} tests the model on, and not on the training rows."
            remedy = (
                "Use Apply Transformation with what was fitted on the training rows." if again else "Connect it to the training rows only."
            )
        return Problem(
            "fitted_on_test_rows",
            f"{name}: {words}",
            node=node.id,
            port=next(port.name for port in module.inputs if port.kind == TABLE),
            remedy=remedy,
            severity="warning",
            subject=(f"{name}: ",),
        )

    def of_labels(self) -> Iterator[Problem]:
        """Yield the features of a training table that are computed from the label, or hold all that the label is computed from."""
        for node, module in self._modules():
            setting = module.lineage.label
            table = next((port for port in module.inputs if port.kind == TABLE), None)
            if setting is None or table is None or not module.lineage.trains:
                continue
            label, head = node.params.get(setting), self._lineages.head(node.id, table.name)
            arriving = self._lineages.arriving(node.id, table.name)
            if head is None or not arriving or not isinstance(label, str):
                continue
            features = [column for column in head.columns_with("feature") if column != label]
            for column in _holding(label, features, arriving[0])[:MOST_COLUMNS]:
                yield self._label_copy(node, module, table, label, column)

    def of_folds(self) -> Iterator[Problem]:
        """Yield what is fitted on the rows that a module makes folds of, and cannot be fitted again in each fold."""
        asked = [(node, module, port.name) for node, module in self._modules() for port in asking(module)]
        paths = Paths(self._graph, self._catalogue, self._lineages) if asked else None
        for node, module, port in asked:
            path = paths.before(node.id, port) if paths else None
            for learner, why in (path.once if path else {}).items():
                if not self._catalogue.modules[self._graph.nodes[learner].module].runs_code:  # what code learns is not known
                    yield self._fitted_once(self._graph.nodes[learner], why, called(node, module))

    def _fitted_once(self, node: Node, why: str, folds: str) -> Problem:
        module = self._catalogue.modules[node.module]
        name = called(node, module)
        return Problem(
            "fitted_before_folds",
            f"{name}: {folds} cannot fit it again in each fold, so it is fitted on all rows, and scores look better than they are: {why}.",
            node=node.id,
            port=next((port.name for port in module.inputs if port.kind == TABLE), None),
            remedy="Connect it behind the modules that cannot be fitted again, or use one that gives a transformation.",
            severity="warning",
            subject=(f"{name}: ",),
        )

    def _label_copy(self, node: Node, module: Module, table: Port, label: str, column: str) -> Problem:
        name = called(node, module)
        return Problem(
            "label_in_features",
            f"{name}: the feature {listed([column])} is computed from the label {listed([label])}, or the label from it.",
            node=node.id,
            port=table.name,
            column=column,
            remedy="Remove the column with Select Columns, or give it the role ignored with Edit Metadata.",
            severity="warning",
            subject=(f"{name}: ",),
        )

    def _modules(self) -> Iterator[tuple[Node, Module]]:
        for node in self._graph.nodes.values():
            yield node, self._catalogue.modules[node.module]


def _holding(label: str, features: list[str], table: Value) -> list[str]:
    of_label = table.columns.get(label)
    return [column for column in features if of_label and of_label <= table.columns.get(column, frozenset())]
