"""Images: their files with names and labels as one Arrow file, and the operations that apply whenever one is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import Download, FileKind
from pipelines.catalogue.ports import Report
from pipelines.modelling.images.decoding import Unreadable, decoded
from pipelines.modelling.images.gallery import gallery
from pipelines.modelling.images.recipe import Recipe, checked

SCHEMA = {"name": pl.String, "label": pl.String, "image": pl.Binary}
PART = r"[^/\\:\x00-\x1f\x7f]+"
PATH = f"^(?:{PART}/)*{PART}$"
DOTS = r"(?:^|/)\.\.?(?:/|$)"
ABOUT = b"easel"


@dataclass(frozen=True, eq=False)
class Images:
    """A set of images, labelled or not.

    Args:
        frame: A row for each: `name`, a path with slashes that no other has; `label` or null; `image`, the encoded file.
        recipe: The operations that apply when an image is loaded.
        training: Whether the random ones apply as well, drawn again for each load.
        left_out: Files that were left out, and why; for the report, not stored.
    """

    frame: pl.DataFrame
    recipe: Recipe = field(default_factory=Recipe)
    training: bool = False
    left_out: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        names = self.frame["name"] if self.frame.schema == SCHEMA else None
        if names is None or names.null_count() or self.frame["image"].null_count():
            raise ValueError("images need the columns name, label and image, and only a label may be missing")
        if names.n_unique() < len(names) or not is_path(names).all():
            raise ValueError("names of images are different paths with slashes that stay within their folder")

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The labels, sorted."""
        return tuple(self.frame["label"].drop_nulls().unique().sort().to_list())

    @cached_property
    def applied(self) -> Recipe:
        """The operations that apply when an image is loaded."""
        return self.recipe if self.training else self.recipe.without_chance

    def load(self, index: int, generator: np.random.Generator | None = None) -> np.ndarray:
        """Return the pixels of an image after the operations: height, width and 3 bytes for red, green and blue.

        `generator` is where random operations draw from; it is needed if `applied.is_random`.

        Raises:
            ModuleError: `unreadable_image` or `image_too_large`, with the image's name.
        """
        name, content = self.frame["name"][index], self.frame["image"][index]
        try:
            return np.asarray(self.applied.apply(decoded(content), generator))
        except Unreadable as wrong:
            remedy = "Run Convert to Image Directory again."
            raise ModuleError("unreadable_image", f"The image “{name}” cannot be read: {wrong}.", remedy=remedy) from wrong
        except ModuleError as wrong:
            raise ModuleError(wrong.code, f"“{name}”: {wrong.words}", remedy=wrong.remedy) from None

    def with_frame(self, frame: pl.DataFrame) -> Images:
        """Return other images with the same operations."""
        return replace(self, frame=frame, left_out=())


def is_path(names: pl.Series) -> pl.Series:
    """Return whether each name is a relative path on every system, which stays within its folder."""
    return names.str.contains(PATH) & ~names.str.contains(DOTS)


def folder_of(label: str) -> str:
    """Return the name of the folder of a class."""
    return "".join("_" if sign in "/\\:" or not sign.isprintable() else sign for sign in label).strip(" .") or "_"


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of images beside their table."""

    steps: list[dict[str, Any]]
    training: bool


def _write(images: Images, file: Path) -> None:
    """Write an Arrow file; equal images give equal bytes, wherever their rows come from."""
    about = msgspec.json.encode(About([dict(step) for step in images.recipe.steps], images.training), order="deterministic")
    table = images.frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata({ABOUT: about})
    with pa.ipc.new_file(file, table.schema) as written:
        written.write_table(table)


def _read(file: Path) -> Images:
    """Open a file that anybody may have made, memory-mapped.

    Raises:
        ValueError: When it is not one of images.
    """
    table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    table.validate(full=True)
    about = msgspec.json.decode((table.schema.metadata or {}).get(ABOUT, b""), type=About)
    steps = checked(about.steps)
    if steps is None:
        raise ValueError(f"{file.name} has operations that are unknown")
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return Images(frame, Recipe(steps), about.training)


def _archive(images: Images, file: Path, /, *, raw: bool) -> None:
    """Write the image files as they came, each below a folder of its label, as Convert to Image Directory reads them."""
    rows = images.frame.select("name", "label").rows()
    places = [name if label is None or name.startswith(f"{folder_of(label)}/") else f"{folder_of(label)}/{name}" for name, label in rows]
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for place, content in zip(places, images.frame["image"], strict=True):
            archive.writestr(ZipInfo(place), content)


def _report(images: Images) -> Report:
    return gallery(images.frame, images.applied, lambda index, generator: images.load(index, generator), images.left_out)


KIND = FileKind[Images](
    types=(Images,),
    title="image directory",
    icon="M0.8 1.6h10.4v8.8H0.8ZM2.2 9h7.6L7.5 5.2 5.6 7.6 4.4 6.4ZM4 3a0.9 0.9 0 1 0 0.01 0Z",
    colours=("oklch(0.52 0.12 130)", "oklch(0.79 0.13 130)"),
    downloads={"zip": Download("Image files (ZIP archive)", "application/zip", _archive)},
    example="vision.convert_to_image_directory",
    output="images",
    write=_write,
    read=_read,
    report=_report,
)
