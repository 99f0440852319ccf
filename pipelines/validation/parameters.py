"""Parameters and the settings that they drive: each reference names a parameter whose type suits the setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.params import ParamKind
from pipelines.graph.binding import references, referred
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem
from pipelines.validation.naming import called

# Code is not among them: who may give a value may not always write code.
SUITS: Mapping[str, frozenset[ParamKind]] = {
    "integer": frozenset({ParamKind.INTEGER, ParamKind.NUMBER, ParamKind.SEED}),
    "number": frozenset({ParamKind.NUMBER}),
    "text": frozenset({ParamKind.TEXT, ParamKind.MULTILINE, ParamKind.MODEL_VERSION}),
    "boolean": frozenset({ParamKind.SWITCH}),
    "choice": frozenset({ParamKind.CHOICE, ParamKind.TEXT}),
    "date": frozenset({ParamKind.TEXT}),
    "time": frozenset({ParamKind.TEXT}),
    "column": frozenset({ParamKind.COLUMN}),
    "columns": frozenset({ParamKind.COLUMNS}),
    "dataset": frozenset({ParamKind.DATASET}),
    "connection": frozenset({ParamKind.CONNECTION}),
}


def misfits(graph: Graph, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield references to parameters that do not exist, or whose type does not suit the setting."""
    for id, setting, name in references(graph):
        node = graph.nodes[id]
        module = catalogue.get(node.module)
        param = module.param(setting) if module else None
        if module is None or param is None:
            continue  # is a problem of its own
        who, title = f"{called(node, module)}: ", f"{param.title} "
        place = {"node": id, "param": setting, "subject": (who, title)}
        if name not in graph.parameters:
            yield Problem(
                "unknown_parameter",
                f"{who}{title}comes from the parameter {name[:64]}, which does not exist.",
                remedy="Add the parameter, or enter a value.",
                **place,  # type: ignore[arg-type]
            )
        elif referred(node.params[setting]) and param.kind not in SUITS[kind := graph.parameters[name]["type"]]:
            yield Problem(
                "wrong_parameter_type",
                f"{who}{title}is a setting of the kind {param.kind}; the parameter {name} is of the type {kind}.",
                remedy="Use a parameter of another type, or enter a value.",
                **place,  # type: ignore[arg-type]
            )
