"""The way of a request through a training graph: back from the scores to the data, what each node on it becomes in the scoring graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.lineage import Serves, told
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import TABLE
from pipelines.execution.output import Output
from pipelines.execution.sealed import is_sealed
from pipelines.graph.model import Edge, Endpoint, Graph, Node
from pipelines.graph.shape import Shape
from pipelines.serving.graph import CannotDerive, Decision, Pinned, refused
from pipelines.validation.lineage import fits, settings_of
from pipelines.validation.naming import called

FIT = "Use a module that fits on training rows and applies what it fitted, or move the step before the data is saved as a dataset."
REPEATS = ("preprocessing", "repeated")  # forms of ports whose module executes others


class Records(Protocol):
    """The outputs of a run."""

    def record(self, end: Endpoint) -> Output | None:
        """Return the record of an output; None when its node has not finished."""


@dataclass
class Draft:
    """A scoring graph in the making; `decisions` are by node of the training graph."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    pinned: dict[Endpoint, Pinned] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    request: Endpoint = field(default_factory=lambda: Endpoint("", ""))
    answer: Endpoint = field(default_factory=lambda: Endpoint("", ""))

    def copy(self) -> Draft:
        """Return a copy that can be changed."""
        return Draft(dict(self.nodes), list(self.edges), dict(self.pinned), dict(self.decisions), self.request, self.answer)


class Walk:
    """Follows the rows of one output back to the data.

    Args:
        graph: The graph of a run, with current names.
        catalogue: The modules.
        records: What the run left.
    """

    def __init__(self, graph: Graph, catalogue: Catalogue, records: Records) -> None:
        self._graph, self._catalogue, self._records = graph, catalogue, records
        self._order = Shape.of(graph).order()
        self._made: dict[Endpoint, Endpoint] = {}
        self._source: Endpoint | None = None
        self._flows: set[Endpoint] = set()
        self.draft = Draft()

    def to(self, answer: Endpoint) -> Draft:
        """Return the draft of a scoring graph for an output.

        Raises:
            CannotDerive: When a node on the way cannot serve a request.
        """
        self._source = self._begin(answer)
        self._flows = self._flowing(self._source)
        self.draft.answer = self._take(answer)
        return self.draft

    def module(self, node: str) -> Module:
        """Return the module of a node."""
        return self._catalogue.modules[self._graph.nodes[node].module]

    def title(self, node: str) -> str:
        """Return the name of a node on the canvas."""
        return called(self._graph.nodes[node], self.module(node))

    def _ends(self, node: str, port: str) -> list[Endpoint]:
        return [edge.source for edge in self._graph.edges if edge.target == Endpoint(node, port)]

    def _main(self, node: str) -> list[str]:
        """Return the connected table inputs whose rows a node returns."""
        module = self.module(node)
        of = told(module.lineage.of, settings_of(module, self._graph.nodes[node]))
        found = [port.name for port in module.inputs if port.kind == TABLE and (of is None or port.name in of)]
        return [port for port in found if self._ends(node, port)]

    def _begin(self, answer: Endpoint) -> Endpoint:
        """Return the output where the rows of an output come from: that of a node without rows of its own before it."""
        end = answer
        while main := self._main(end.node):
            end = self._ends(end.node, main[0])[0]
        output = self.module(end.node).output(end.port)
        if output is None or output.kind != TABLE:
            kind = kinds()[output.kind].title if output else "value"
            words = f"The rows to score are no table: {self.title(end.node)} gives {kind}."
            raise refused("not_a_table", words, end.node, "Only models that score the rows of a table can be served.")
        return end

    def _flowing(self, source: Endpoint) -> set[Endpoint]:
        """Return the outputs where rows of the request arrive, rather than what was computed of them."""
        found = {source}
        for node in self._order:
            module = self.module(node)
            if node == source.node or not any(end in found for port in module.inputs for end in self._ends(node, port.name)):
                continue
            settings = settings_of(module, self._graph.nodes[node])
            if told(module.lineage.rows, settings) != "new":
                found |= {Endpoint(node, port.name) for port in module.outputs if port.kind == TABLE}
        return found

    def _take(self, end: Endpoint) -> Endpoint:
        """Return the output of the scoring graph that stands for one where rows of the request arrive."""
        if end not in self._made:
            self._made[end] = self._request(end) if end == self._source else self._step(end)
        return self._made[end]

    def _request(self, end: Endpoint) -> Endpoint:
        node = self._graph.nodes[end.node]
        self.draft.nodes[end.node] = replace(node, group=None)
        self.draft.request = end
        self._decide(end.node, "replaced", "The rows of the request enter here, with the columns that the model needs.", end.node)
        return end

    def _step(self, end: Endpoint) -> Endpoint:
        node, module = self._graph.nodes[end.node], self.module(end.node)
        flowing = [port.name for port in module.inputs if any(each in self._flows for each in self._ends(node.id, port.name))]
        serves = self._serves(node, module, flowing)
        main = self._main(node.id)[0]
        if serves == "through":
            before = self._take(self._ends(node.id, main)[0])
            self._decide(node.id, "passed", "It chooses, draws or orders training rows; every row of a request passes.")
            return before
        transform = self._transform(module)
        if transform and serves is None:
            return self._applied(node, Endpoint(node.id, transform), self._take(self._ends(node.id, main)[0]))
        for port in module.inputs:
            for each in self._ends(node.id, port.name):
                source = self._take(each) if port.name in flowing and each in self._flows else self._pin(each)
                self.draft.edges.append(Edge(source, Endpoint(node.id, port.name)))
        rule = module.lineage.for_requests
        changed = dict(rule(settings_of(module, node))) if rule else {}
        self.draft.nodes[node.id] = replace(node, group=None, params={**node.params, **changed})
        words = "It computes each row by itself."
        if module.runs_code:
            words = "Its code computes each row by itself, as its settings say. It runs in a sandbox, which is slower."
        elif any(
            is_sealed(pin.output)
            for edge in self.draft.edges
            if edge.target.node == node.id and (pin := self.draft.pinned.get(edge.source))
        ):
            words = "It computes each row by itself. Its model was imported or made by code, so it runs in a sandbox, which is slower."
        self._decide(node.id, "kept", words, node.id)
        return end

    def _serves(self, node: Node, module: Module, flowing: list[str]) -> Serves | None:
        """Return how a node serves a request; None where its fitted transformation does."""
        settings = settings_of(module, node)
        rows, apart = told(module.lineage.rows, settings), told(module.lineage.apart, settings)
        declared: Serves | None = told(module.lineage.serves, settings)
        main = self._main(node.id)
        if declared == "through":
            return declared
        if module.runs_code and declared != "each":
            remedy = (
                "Where the code computes each row by itself, switch on “Each row by itself” in the settings of the script, and run again."
            )
            raise self._refused(node, "runs code, which may look at several rows together", remedy)
        options = self._graph.execution_of(node.id)
        if module.runs_code and (options.environment or options.target == "docker"):
            raise self._refused(
                node, "runs code in an environment of its own, which endpoints do not have", "Use the packages of Easel alone."
            )
        if any(port.form in REPEATS for port in module.inputs):
            raise self._refused(node, "executes other modules on parts of the rows")
        if rows == "new":
            raise self._refused(node, "makes rows of another kind of those that arrive")
        if declared == "never" or (apart == "never" and declared is None):
            raise self._refused(node, "computes a row from other rows")
        if rows in ("parts", "chosen") or apart == "training":
            return "through"
        if self._transform(module) and len(flowing) == 1:
            return None
        if declared is None and rows is None:
            raise self._refused(node, "may look at several rows together")
        if any(each in self._flows for port in flowing if port not in main for each in self._ends(node.id, port)):
            raise self._refused(node, "joins the rows of the request with rows made of them")
        if not all(each in self._flows for port in main for each in self._ends(node.id, port)):
            raise self._refused(node, "puts the rows beside rows of another table")
        if fits(module, settings):
            if rows == "some":
                return "through"  # it makes further training rows
            raise self._refused(node, "learns from the rows that it gets, and gives no transformation that could be applied to others")
        return "each"

    def _transform(self, module: Module) -> str | None:
        return next((port.name for port in module.outputs if kinds()[port.kind].applied_by), None)

    def _applied(self, node: Node, fitted: Endpoint, before: Endpoint) -> Endpoint:
        """Put in place of a node the module that applies what it has fitted."""
        kind = next(port.kind for port in self.module(node.id).outputs if port.name == fitted.port)
        applier = self._catalogue.modules[kinds()[kind].applied_by]
        taking = next(port.name for port in applier.inputs if port.kind == kind)
        table = next(port.name for port in applier.inputs if port.kind == TABLE)
        title = f"Apply: {self.title(node.id)}"
        self.draft.nodes[node.id] = Node(node.id, applier.id, {}, node.position, title[:200], node.comment, node.execution)
        pin = self._pin(fitted)
        self.draft.edges += [Edge(before, Endpoint(node.id, table)), Edge(pin, Endpoint(node.id, taking))]
        self._decide(node.id, "replaced", "What it fitted in the run is applied.", node.id, pin.node)
        return Endpoint(node.id, applier.outputs[0].name)

    def _pin(self, end: Endpoint) -> Endpoint:
        """Return the output of a node that stands for a value of the run."""
        output = self._records.record(end)
        if output is None:
            raise refused("not_finished", f"{self.title(end.node)} has no result in this run.", end.node, "Run the pipeline to its end.")
        name = self._free(f"{end.node}_{end.port}", end)
        loader = self._loader(output.kind)
        node = self._graph.nodes[end.node]
        port = loader.outputs[0].name
        at = (node.position[0] - 220, node.position[1])
        self.draft.nodes[name] = Node(name, loader.id, {}, at, self.title(end.node)[:200])
        pinned = Endpoint(name, port)
        self.draft.pinned[pinned] = Pinned(name, port, output, str(end))
        what = kinds()[output.kind].title
        if end.node not in self.draft.decisions:
            self._decide(end.node, "replaced", f"The {what} that the run gave is pinned.", name)
        return pinned

    def _free(self, name: str, end: Endpoint) -> str:
        taken = {*self._graph.nodes, *(pin.node for pin in self.draft.pinned)}
        name = name[:56]
        earlier = next((pin.node for pin in self.draft.pinned.values() if pin.made_by == str(end)), None)
        return earlier or next(each for each in _numbered(name) if each not in taken)

    def _loader(self, kind: str) -> Module:
        """Return the module that loads values of a kind."""
        if loader := kinds()[kind].loader:
            return self._catalogue.modules[loader.id]
        return next(
            module
            for module in self._catalogue.modules.values()
            if not module.inputs and any(param.kind is ParamKind.DATASET and param.holds == kind for param in module.params)
        )

    def _decide(self, node: str, fate: str, reason: str, *became: str) -> None:
        named = self._graph.nodes[node]
        self.draft.decisions[node] = Decision(node, self.title(node), named.module, fate, reason, became)  # type: ignore[arg-type]

    def _refused(self, node: Node, why: str, remedy: str = FIT) -> CannotDerive:
        words = f"{self.title(node.id)} {why}; a request would not give what the run gave."
        return refused("not_row_by_row", words, node.id, remedy)


def undecided(graph: Graph, walk: Walk, decisions: Mapping[str, Decision]) -> Iterator[Decision]:
    """Yield the decision on every node that is not on the way: it is cut, with the reason."""
    for node in (each for each in graph.nodes.values() if each.id not in decisions):
        module = walk.module(node.id)
        kinds_out = {port.kind for port in module.outputs}
        if not module.outputs or (TABLE not in kinds_out and "report" in kinds_out):
            why = "It shows or judges results; a request has none to judge."
        elif TABLE not in kinds_out:
            why = "It is needed for training only."
        else:
            why = "It is not on the way from the request to these scores."
        yield Decision(node.id, walk.title(node.id), node.module, "cut", why)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
