"""The kinds of things in a lineage, and what each kind has to offer. Other parts of Easel register theirs when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from django.contrib.auth.models import User

from designer.lineage.schemas import LineageNode
from pipelines.flow import RunLineage
from pipelines.models import Run

T = TypeVar("T")
Basis = Literal["declared", "name", "all"]


class Spot(NamedTuple):
    """A thing, one of its outputs, and a column of that; an empty port for things with one output, None for all columns."""

    kind: str
    id: str
    port: str = ""
    column: str | None = None

    @property
    def ref(self) -> str:
        """The thing, as the API names it."""
        return f"{self.kind}:{self.id}"


class Link(NamedTuple):
    """That the target is made of the source, which enters it at `into`."""

    source: Spot
    target: Spot
    into: str = ""
    basis: Basis = "declared"


class Opened(NamedTuple):
    """What was asked for: the workspace to stay in, where to begin, and the columns to choose from."""

    scope: str
    spots: tuple[Spot, ...]
    columns: tuple[str, ...] = ()


@dataclass
class Walk:
    """A walk through one workspace: nothing of another one is read."""

    scope: str
    notes: dict[str, None] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def once(self, ask: Callable[..., T], *asked: Any) -> T:
        """The answer of a query, which is asked once: many columns lead to the same things."""
        if (key := (ask, *asked)) not in self._known:
            self._known[key] = ask(*asked)
        found: T = self._known[key]
        return found

    def run(self, id: str) -> RunLineage | None:
        """The lineage within a run of the workspace; None when there is none."""
        return self.once(_run, id, self.scope)

    def say(self, words: str) -> None:
        """Note what was left out."""
        self.notes[words] = None


def _run(id: str, scope: str) -> RunLineage | None:
    found = Run.objects.filter(pk=id, scope=scope).first()
    return RunLineage(found) if found else None


class LineageKind(Protocol):
    """A kind of thing. Each kind is asked about the spots of all kinds, and answers for those that it knows something of."""

    def open(self, person: User, action: str, id: str, workspace: str | None) -> Opened:
        """The thing of an id, permission-checked; raises `absent()` for an unknown and a foreign one alike."""

    def node(self, walk: Walk, id: str) -> LineageNode | None:
        """The thing, for people; None when it is not in the workspace."""

    def before(self, walk: Walk, spot: Spot) -> Iterable[Link]:
        """What a spot is made of, as far as this kind knows."""

    def after(self, walk: Walk, spot: Spot) -> Iterable[Link]:
        """What is made of a spot, as far as this kind knows."""


KINDS: dict[str, LineageKind] = {}


def register(name: str, kind: LineageKind) -> None:
    """Add a kind; call it in the `ready` of an application."""
    KINDS[name] = kind
