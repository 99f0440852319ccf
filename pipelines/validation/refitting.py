"""Refitting: of a port that asks for preprocessing, the path of nodes before it that are fitted again on parts of the rows (catalogue/preprocessing.py).

The path starts at the table from which on most of what learns from the rows is on it; of several such tables, the latest. What is before is executed
once, on all rows, and so is what no part of the rows could be kept apart in. Of the latter, those that learn are named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.lineage import told
from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import TABLE
from pipelines.catalogue.preprocessing import How
from pipelines.graph.model import Endpoint, Graph
from pipelines.graph.shape import Shape
from pipelines.validation.lineage import Lineages, fits, settings_of, share
from pipelines.validation.repeating import regions, repeated_by

MOST_NODES = 200  # before a port that are looked at
FORM = "preprocessing"
APPLIED = "transform"  # the kind of what can be applied to other rows


@dataclass(frozen=True)
class OnPath:
    """A node on a path; the fields are those of `PathStep`."""

    node: str
    how: How
    rows_in: str = ""
    rows_out: tuple[str, ...] = ()
    transform: str = ""


@dataclass(frozen=True)
class Path:
    """The path before a port: where it starts, its nodes in order, and the nodes that are executed once although they learn, with the reason."""

    start: Endpoint
    end: Endpoint
    nodes: Sequence[OnPath] = ()
    once: Mapping[str, str] = field(default_factory=dict)


def asking(module: Module) -> Iterator[Port]:
    """Yield the input ports of a module that ask for preprocessing."""
    return (port for port in module.inputs if port.form == FORM)


class Paths:
    """The paths of a graph.

    Args:
        graph: A graph without errors.
        catalogue: The modules.
        lineages: The lineages of its outputs, if they are known already.
    """

    def __init__(self, graph: Graph, catalogue: Catalogue, lineages: Lineages | None = None) -> None:
        self._graph, self._catalogue = graph, catalogue
        self._lineages = lineages or Lineages(graph, catalogue, {})
        self._shape = Shape.of(graph)
        self._place: tuple[str, str | None] = ("worker", None)  # of the node that asks
        self._repeated_by = repeated_by(regions(graph, catalogue))
        self._repeats: frozenset[str] = frozenset()  # what repeats the node that asks
        self._order = {node: at for at, node in enumerate(self._shape.order())}

    def before(self, node: str, port: str) -> Path | None:
        """Return the path before a port; None if nothing arrives there."""
        end = next(iter(self._lineages.ends(node, port)), None)
        if end is None:
            return None
        self._place, self._repeats = self._place_of(node), self._repeated_by.get(node, frozenset())
        above = sorted(self._shape.upstream([end.node]), key=self._order.__getitem__)[-MOST_NODES:]
        arriving = self._lineages.known[end]
        learners = {fit.node for fit in arriving.fits if share(fit.rows, arriving.rows)}
        best, why = Path(end, end), dict[str, str]()
        for start in reversed(above if learners else ()):
            for table in (port for port in self._module(start).outputs if port.kind == TABLE):
                found = self._from(Endpoint(start, table.name), end, above, why)
                if found and _refitted(found, learners) > _refitted(best, learners):
                    best = found
            if _refitted(best, learners) == len(learners):
                break
        on_path = {each.node for each in best.nodes}
        once = {each: self._reason(each, why) for each in above if each in learners - on_path}
        code = {
            each: "what its code learns from rows is not known" for each in above if each not in on_path and self._module(each).runs_code
        }
        return Path(best.start, end, best.nodes, once | code)

    def _module(self, node: str) -> Module:
        return self._catalogue.modules[self._graph.nodes[node].module]

    def _place_of(self, node: str) -> tuple[str, str | None]:
        """Return where a node is executed: on which target, and in which environment."""
        options = self._graph.execution_of(node)
        return options.target or "worker", options.environment

    def _from(self, start: Endpoint, end: Endpoint, above: Sequence[str], why: dict[str, str]) -> Path | None:
        """Return the path from a table to the end; None if it has a node that cannot be on one, whose reason is added."""
        carried: dict[Endpoint, bool] = {start: True}  # whether rows arrive, or what was learned from them
        nodes: list[OnPath] = []
        for node in above:
            ports = {port.name: ends for port in self._module(node).inputs if (ends := self._lineages.ends(node, port.name))}
            if node == start.node or not any(each in carried for ends in ports.values() for each in ends):
                continue
            flowing = {name for name, ends in ports.items() if any(carried.get(each) for each in ends)}
            step = self._step(node, flowing, {name for name in flowing if all(carried.get(each) for each in ports[name])})
            if isinstance(step, str):
                why[node] = step
                return None
            nodes.append(step)
            carried |= {Endpoint(node, port.name): port.name in step.rows_out for port in self._module(node).outputs}
        return Path(start, end, nodes) if carried.get(end) else None

    def _step(self, node: str, flowing: set[str], whole: set[str]) -> OnPath | str:
        """Return how a node is refitted, or why it cannot be; rows arrive at the ports `flowing`, and at those of `whole` nothing else."""
        module = self._module(node)
        settings = settings_of(module, self._graph.nodes[node])
        if module.runs_code:
            return "runs code of its own"
        if self._place_of(node) != self._place:
            return "is executed in another environment"
        if self._repeated_by.get(node, frozenset()) != self._repeats:
            return "is executed for other rows, by For Each"
        if module.freshness or any(param.kind in (ParamKind.DATASET, ParamKind.CONNECTION) for param in module.params):
            return "reads data of its own"
        if any(asking(module)):
            return "has folds of its own"
        lineage, tables = module.lineage, [port.name for port in module.outputs if port.kind == TABLE]
        rows, apart = told(lineage.rows, settings), told(lineage.apart, settings)
        if not flowing or not tables or rows == "new":
            return OnPath(node, "learned")
        of = told(lineage.of, settings)
        main = {port.name for port in module.inputs if port.kind == TABLE and (of is None or port.name in of)}
        connected = {name for name in main if self._lineages.ends(node, name)}
        if rows is None or apart == "never":
            return "needs all rows together"
        if rows == "parts":
            return "draws rows at random for each of its outputs"
        if not connected <= whole:
            return "puts them together with other rows"
        out = tuple(tables if rows == "chosen" else tables[:1])
        transform = next((port.name for port in module.outputs if port.kind == APPLIED), "")
        if apart == "training":
            return OnPath(node, "training", min(connected), out)
        if transform and len(flowing) == 1:
            return OnPath(node, "fit", min(flowing), out, transform)
        if not fits(module, settings):
            return OnPath(node, "each", "", out)
        return OnPath(node, "training", min(connected), out) if rows == "some" else "gives nothing that could be applied to other rows"

    def _reason(self, node: str, why: Mapping[str, str]) -> str:
        """Return why a node that learns is executed once."""
        if node in why:
            return f"it {why[node]}"
        for each in sorted(self._shape.downstream([node]) & why.keys(), key=self._order.__getitem__):
            return f"{self._module(each).title}, which follows, {why[each]}"
        return "its rows arrive in more than one way"


def _refitted(path: Path, learners: set[str]) -> int:
    return sum(each.node in learners for each in path.nodes)
