"""Port kinds: one record for each, in a file of its own, which the engine, the REST API and the canvas read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pipelines.catalogue.packages import further_packages, submodules
from pipelines.catalogue.ports import Report

FOLDER = "kinds"
V = TypeVar("V")
V_in = TypeVar("V_in", contravariant=True)


class Writer(Protocol[V_in]):
    """Writes a value to a file in a format for download."""

    def __call__(self, value: V_in, file: Path, /, *, raw: bool) -> None: ...


@dataclass(frozen=True)
class Download(Generic[V]):
    """A format in which results of a kind can be downloaded.

    Args:
        title: The name in the menu.
        media_type: The media type of the file.
        write: Writes a value to a file; `raw` asks for texts without escapes for spreadsheets. None sends the stored file.
    """

    title: str
    media_type: str
    write: Writer[V] | None = None


@dataclass(frozen=True, kw_only=True)
class Loader:
    """That values of a kind can be saved from the results of a run; of this record `loading.py` makes the module that loads them in other pipelines.

    Args:
        id: The id of the module, with its shelf.
        title: Its title.
        icon: The name of a Tabler icon.
        when: When to use it, as a sentence.
        goes_to: What takes the value, at the end of a sentence.
        aliases: Further names for the search.
    """

    id: str
    title: str
    icon: str
    when: str
    goes_to: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PortKind(Generic[V]):
    """A kind of value on an edge, declared as KIND in a file of `pipelines/kinds`; `id` is the file's name.

    Args:
        types: The annotations of ports of this kind.
        title: The name within a sentence, such as "trained model".
        icon: The shape of its ports: the data of an SVG path in a box of 12 by 12.
        hollow: Whether the shape is drawn as an outline.
        colours: CSS colours on a light and on a dark background.
        downloads: The formats for download, by the ending of the file's name.
        output: The name of an output that a module does not name; the kind's id unless given.
        example: The id of a module that gives such a value in examples of modules.
        shown_in: The id of the module whose example shows such a value at work: an untrained model alone shows nothing.
        fitted: Whether a value is fitted on a table, to be applied to others: a module that returns it beside a table has fitted that table on itself.
        applied_by: The id of the module that applies a fitted value to a table.
        loader: The module that loads saved values; None where values are not saved.
    """

    types: tuple[type, ...]
    title: str
    icon: str
    hollow: bool = False
    colours: tuple[str, str]
    downloads: Mapping[str, Download[V]] = field(default_factory=dict)
    output: str = ""
    example: str = ""
    shown_in: str = ""
    fitted: bool = False
    applied_by: str = ""
    loader: Loader | None = None
    id: str = ""

    @property
    def words(self) -> str:
        """Return the title with its article."""
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"


@dataclass(frozen=True, kw_only=True)
class FileKind(PortKind[V]):
    """A kind whose values are stored as one file each: every kind but the table, whose columns and roles are in its record.

    Args:
        write: Writes a value to a file; equal values give equal bytes. A report that `report` returns is left out.
        read: Reads the file. It raises an exception for any other file: user code may have written it.
        report: Returns the report that shows the value on the canvas, if it has one.
        check: Checks a file of user code without loading it, where loading could execute code. Such a value is loaded in isolation only.
    """

    write: Callable[[V, Path], None]
    read: Callable[[Path], V]
    report: Callable[[V], Report | None] = lambda _: None
    check: Callable[[Path], None] | None = None

    def __post_init__(self) -> None:
        if self.check and any(download.write for download in self.downloads.values()):
            raise TypeError(
                f"{self.title}: a kind with a check is downloaded as its file, so that the web process loads no value of user code"
            )


@cache
def kinds() -> Mapping[str, PortKind[Any]]:
    """Return every kind by its id: Easel's own, and those in the folder `kinds` of further packages of modules."""
    folders = [f"{package}.{FOLDER}" for package in ("pipelines", *further_packages())]
    return {name: replace(file.KIND, id=name) for folder in folders if find_spec(folder) for name, file in submodules(folder)}


def kind_of_type(type: Any) -> PortKind[Any]:
    """Return the kind of the values of a type.

    Raises:
        TypeError: When no kind has the type.
    """
    kind = _by_type().get(type)
    if kind is None:
        raise TypeError(f"{type} is the type of no port kind; the kinds are the files of pipelines/{FOLDER}")
    return kind


@cache
def _by_type() -> Mapping[type, PortKind[Any]]:
    return {type: kind for kind in kinds().values() for type in kind.types}
