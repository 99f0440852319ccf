"""The palette: the catalogue as the canvas shows it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from pipelines.catalogue import extras, params
from pipelines.catalogue import kind as kinds
from pipelines.catalogue import module as declared
from pipelines.catalogue.connection import ConnectionKind
from pipelines.catalogue.discover import catalogue, registrable_kinds
from pipelines.catalogue.params import ParamKind


class Colours(msgspec.Struct):
    """CSS colours."""

    light: Annotated[str, msgspec.Meta(description="On a light background.")]
    dark: Annotated[str, msgspec.Meta(description="On a dark background.")]


class Download(msgspec.Struct):
    """A format for download."""

    as_: Annotated[str, msgspec.Meta(description="The value of the query parameter `as`.")] = msgspec.field(name="as")
    title: str


class PortKind(msgspec.Struct):
    """A kind of value on an edge."""

    id: str
    words: Annotated[str, msgspec.Meta(description="Its name with an article, for sentences.")]
    icon: Annotated[str, msgspec.Meta(description="The data of an SVG path in a box of 12 by 12.")]
    hollow: Annotated[bool, msgspec.Meta(description="Whether the path is drawn as an outline.")]
    colours: Colours
    downloads: list[Download]
    savable: Annotated[bool, msgspec.Meta(description="Whether a result can be saved, for a module of other pipelines that loads it.")]
    registrable: Annotated[bool, msgspec.Meta(description="Whether a result can be registered as a version of a model.")]

    @classmethod
    def of(cls, kind: kinds.PortKind[Any]) -> PortKind:
        """Return a declared port kind as the palette shows it."""
        downloads = [Download(ending, download.title) for ending, download in kind.downloads.items()]
        registrable = kind.id in registrable_kinds()
        return cls(kind.id, kind.words, kind.icon, kind.hollow, Colours(*kind.colours), downloads, kind.loader is not None, registrable)


class Shelf(msgspec.Struct):
    """A shelf of modules."""

    id: str
    title: str
    hue: int


class Port(msgspec.Struct):
    """An input or output port."""

    name: str
    title: str
    kind: Annotated[str, msgspec.Meta(description="The id of a port kind.")]
    optional: bool
    multiple: bool
    help: str

    @classmethod
    def of(cls, port: declared.Port) -> Port:
        """Return a declared port as the palette shows it."""
        return cls(port.name, port.title, port.kind, port.optional, port.multiple, port.help)


class Choice(msgspec.Struct):
    """A value to choose."""

    value: str
    title: str
    group: Annotated[str, msgspec.Meta(description="The heading under which forms list it.")] | msgspec.UnsetType = msgspec.UNSET


class ShownWhen(msgspec.Struct):
    """The values of another setting that make a setting matter."""

    param: str
    is_: list[Any] = msgspec.field(name="is")


class Param(msgspec.Struct):
    """A setting."""

    name: str
    title: str
    kind: ParamKind
    default: Any
    required: bool
    nullable: bool
    help: str
    min: float | None
    max: float | None
    exclusive_min: bool
    exclusive_max: bool
    choices: list[Choice]
    port: str | None
    language: str | None
    connects: Annotated[list[ConnectionKind], msgspec.Meta(description="The kinds of connection that it accepts.")]
    holds: Annotated[str | None, msgspec.Meta(description="Of a dataset setting: the port kind of what it names.")]
    registered: Annotated[bool, msgspec.Meta(description="Of a dataset setting: whether it names a model of the registry.")]
    shown_when: ShownWhen | None
    form_of: Annotated[str | None, msgspec.Meta(description="Of a setting of kind options: the choice whose value decides on its form.")]
    search: Annotated[str, msgspec.Meta(description="The values that a search over settings tries; empty for none.")]

    @classmethod
    def of(cls, param: params.Param) -> Param:
        """Return a declared setting as the palette shows it."""
        when = param.shown_when
        return cls(
            name=param.name,
            title=param.title,
            kind=param.kind,
            default=param.default,
            required=param.required,
            nullable=param.nullable,
            help=param.help,
            min=param.range.min,
            max=param.range.max,
            exclusive_min=param.range.exclusive_min,
            exclusive_max=param.range.exclusive_max,
            choices=[Choice(value, title, param.groups.get(value, msgspec.UNSET)) for value, title in param.choices],
            port=param.port,
            language=param.language,
            connects=list(param.connects),
            holds=param.holds,
            registered=param.registered,
            shown_when=ShownWhen(when.param, list(when.values)) if when else None,
            form_of=param.form.choice if param.form else None,
            search=param.search,
        )


class Extra(msgspec.Struct):
    """The extra of a module: libraries that Easel's own requirements leave out."""

    name: str
    installed: Annotated[bool, msgspec.Meta(description="Without it the module cannot run here.")]
    command: Annotated[str, msgspec.Meta(description="The command that installs it.")]

    @classmethod
    def of(cls, module: declared.Module) -> Extra | None:
        """Return the extra of a declared module as the palette shows it."""
        return cls(module.extra, module.is_installed, extras.command(module.extra)) if module.extra else None


class Module(msgspec.Struct):
    """A module; the text of its help is on its help page only."""

    id: str
    title: str
    shelf: str
    icon: Annotated[str, msgspec.Meta(description="The name of a Tabler icon, or empty.")]
    summary: str
    aliases: list[str]
    version: int
    runs_code: bool
    extra: Extra | None
    inputs: list[Port]
    outputs: list[Port]
    params: list[Param]

    @classmethod
    def of(cls, module: declared.Module) -> Module:
        """Return a declared module as the palette shows it."""
        return cls(
            id=module.id,
            title=module.title,
            shelf=module.shelf.id,
            icon=module.icon,
            summary=module.summary,
            aliases=list(module.aliases),
            version=module.version,
            runs_code=module.runs_code,
            extra=Extra.of(module),
            inputs=[*map(Port.of, module.inputs)],
            outputs=[*map(Port.of, module.outputs)],
            params=[*map(Param.of, module.params)],
        )


class Palette(msgspec.Struct):
    """All port kinds, shelves and modules."""

    kinds: list[PortKind]
    shelves: list[Shelf]
    modules: list[Module]


def form(module: str, param: str, choice: str) -> list[Param] | None:
    """Return the settings within a setting of kind options, for a value of the choice that it depends on; None where there is no such form."""
    found = catalogue().modules.get(module)
    declared = found and found.param(param)
    fields = declared.form.fields(choice) if declared and declared.form else None
    return None if fields is None else [*map(Param.of, fields)]


def palette() -> Palette:
    """Return the port kinds, the shelves in order, and all modules with ports and settings."""
    modules = sorted(catalogue().modules.values(), key=lambda module: (module.shelf.order, module.title))
    shelves = {module.shelf.id: module.shelf for module in modules}
    shown = [Shelf(shelf.id, shelf.title, shelf.hue) for shelf in shelves.values()]
    return Palette([*map(PortKind.of, kinds.kinds().values())], shown, [*map(Module.of, modules)])
