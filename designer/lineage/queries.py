"""Follow a lineage through one workspace, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.contrib.auth.models import User

from designer.http.errors import Refusal
from designer.lineage import datasets, endpoints, registered, runs
from designer.lineage.kinds import KINDS, Basis, Link, Opened, Spot, Walk, register
from designer.lineage.schemas import Lineage, LineageEdge, LineageNode

MOST_NODES = 200
MOST_SPOTS = 5000  # outputs and columns
MOST_NAMED = 50  # columns of a node or an edge
LONGER = f"The lineage is longer: it ends after {MOST_NODES} nodes. Look from one of the last ones to see more."
WEAKER: tuple[Basis, ...] = ("declared", "name", "all")

register(runs.KIND, runs.RunSteps())
register(datasets.KIND, datasets.DatasetVersions())
register(registered.KIND, registered.ModelVersions())
register(endpoints.KIND, endpoints.EndpointVersions())

Follow = Callable[[Walk, Spot], Iterable[Link]]


def lineage(person: User, action: str, of: str, column: str | None, direction: str, depth: int, workspace: str | None) -> Lineage:
    """What a thing is made of, and what depends on it, of those that the person may see.

    Raises:
        Refusal: When it is unknown, foreign, or has no such column.
    """
    name, _, id = of.partition(":")
    kind = KINDS.get(name)
    if kind is None or not id:
        words = f"“{of[:60]}” names nothing that has a lineage."
        raise Refusal(400, "bad_reference", words, remedy=f"Send of=KIND:ID, with one of the kinds {', '.join(KINDS)}.", field="of")
    opened = kind.open(person, action, id, workspace)
    if column is not None and (len({spot.ref for spot in opened.spots}) > 1 or column not in opened.columns):
        words = f"There is no column “{column[:60]}” at {of[:60]}."
        raise Refusal(404, "unknown_column", words, remedy="Name an output that is a table, and one of its columns.", field="column")
    walk = Walk(opened.scope)
    return _answer(walk, opened, of, column, list(_links(walk, opened, column, direction, depth)))


def _links(walk: Walk, opened: Opened, column: str | None, direction: str, depth: int) -> Iterator[Link]:
    start = [spot._replace(column=column) for spot in opened.spots]
    if column is not None:
        start = start[:1]
    if direction != "forward":
        yield from _followed(walk, start, depth, _before, lambda link: link.source)
    if direction != "back":
        yield from _followed(walk, start, depth, _after, lambda link: link.target)


def _before(walk: Walk, spot: Spot) -> Iterator[Link]:
    for kind in KINDS.values():
        yield from kind.before(walk, spot)


def _after(walk: Walk, spot: Spot) -> Iterator[Link]:
    for kind in KINDS.values():
        yield from kind.after(walk, spot)


def _followed(walk: Walk, start: list[Spot], depth: int, follow: Follow, end: Callable[[Link], Spot]) -> Iterator[Link]:
    """Yield the links of a direction, nearest first, until the bounds."""
    seen, refs, layer = set(start), {spot.ref for spot in start}, start
    for _ in range(depth):
        following: list[Spot] = []
        for spot in layer:
            if spot.column is not None and spot._replace(column=None) in seen:
                continue  # all of its columns are followed
            for link in follow(walk, spot):
                other = end(link)
                if len(seen) > MOST_SPOTS:
                    walk.say(LONGER)
                    return
                if other.ref not in refs and len(refs) >= MOST_NODES:
                    walk.say(LONGER)
                    continue  # what connects nodes that are shown is shown, also of a run with more steps
                yield link
                refs.add(other.ref)
                if other not in seen:
                    seen.add(other)
                    following.append(other)
        layer = following
    if layer and any(True for spot in layer for _ in follow(walk, spot)):
        walk.say(f"The lineage is longer: it was followed for {depth} {'step' if depth == 1 else 'steps'}.")


def _answer(walk: Walk, opened: Opened, of: str, column: str | None, links: list[Link]) -> Lineage:
    spots = [*(spot._replace(column=column) for spot in opened.spots), *(spot for link in links for spot in (link.source, link.target))]
    nodes: dict[str, LineageNode] = {}
    for spot in spots:
        if spot.ref not in nodes and (node := KINDS[spot.kind].node(walk, spot.id)):
            nodes[spot.ref] = node
        if spot.ref in nodes and spot.column is not None:
            _add(nodes[spot.ref].columns.setdefault(spot.port, []), spot.column, walk)
    focus = list(dict.fromkeys(spot.ref for spot in opened.spots))
    port = opened.spots[0].port if opened.spots and len(focus) == 1 else ""
    edges = [edge for edge in _edges(walk, links) if edge.source in nodes and edge.target in nodes]
    return Lineage(of, focus, port, column, list(opened.columns), list(nodes.values()), edges, list(walk.notes))


def _edges(walk: Walk, links: list[Link]) -> list[LineageEdge]:
    """The links between things; those of several columns as one edge, with the weakest basis."""
    found: dict[tuple[str, str, str, str], LineageEdge] = {}
    whole: set[tuple[str, str, str, str]] = set()
    for link in links:
        key = (link.source.ref, link.source.port, link.target.ref, link.into)
        edge = found.setdefault(key, LineageEdge(*key, columns=[], basis=link.basis))
        edge.basis = max(edge.basis, link.basis, key=WEAKER.index)
        if link.source.column is None:
            whole.add(key)
        else:
            _add(edge.columns, link.source.column, walk)
    for key in whole:
        found[key].columns = []
    return list(found.values())


def _add(columns: list[str], column: str, walk: Walk) -> None:
    if column in columns:
        return
    if len(columns) < MOST_NAMED:
        columns.append(column)
    else:
        walk.say(f"Of more than {MOST_NAMED} columns of a table, {MOST_NAMED} are named.")
