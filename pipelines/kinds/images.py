"""Images: their files with names and labels as one Arrow file, and the operations that apply whenever one is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import Download, FileKind
from pipelines.modelling.images.decoding import Unreadable, decoded
from pipelines.modelling.images.recipe import Recipe, checked

SCHEMA = {"name": pl.String, "label": pl.String, "image": pl.Binary}
ABOUT = b"easel"


@dataclass(frozen=True, eq=False)
class Images:
    """A set of images, labelled or not.

    Args:
        frame: A row for each: `name`, a path with slashes that no other has; `label` or null; `image`, the encoded file.
        recipe: The operations that apply when an image is loaded.
        training: Whether the random ones apply as well, drawn anew for each load.
    """

    frame: pl.DataFrame
    recipe: Recipe = field(default_factory=Recipe)
    training: bool = False

    def __post_init__(self) -> None:
        if self.frame.schema != SCHEMA or self.frame["name"].null_count() or self.frame["image"].null_count():
            raise ValueError("images need the columns name, label and image, and only a label may be missing")

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
            raise ModuleError(
                "unreadable_image", f"The image “{name}” cannot be read: {wrong}.", remedy="Run Convert to Image Directory again."
            ) from wrong
        except ModuleError as wrong:
            raise ModuleError(wrong.code, f"“{name}”: {wrong.words}", remedy=wrong.remedy) from None

    def with_frame(self, frame: pl.DataFrame) -> Images:
        """Return other images with the same operations."""
        return Images(frame, self.recipe, self.training)


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of images beside their table."""

    steps: list[dict[str, object]]
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
    """Write the image files as they came, in folders by label where their names are not."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for path, content in zip(paths(images.frame), images.frame["image"], strict=True):
            archive.writestr(ZipInfo(path), content)


def paths(frame: pl.DataFrame) -> list[str]:
    """Return the place of each image in an archive: below a folder of its label, as Convert to Image Directory reads them."""
    return [
        name if label is None or name.startswith(f"{label}/") else f"{label}/{name}" for name, label in frame.select("name", "label").rows()
    ]


KIND = FileKind[Images](
    types=(Images,),
    title="image directory",
    icon="M1 2h10v8H1Z",
    colours=("oklch(0.53 0.15 310)", "oklch(0.79 0.11 310)"),
    downloads={"zip": Download("Image files (ZIP archive)", "application/zip", _archive)},
    example="vision.convert_to_image_directory",
    output="images",
    write=_write,
    read=_read,
)
