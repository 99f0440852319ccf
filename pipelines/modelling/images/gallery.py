"""The report of a set of images: some of them, how many each class has, their sizes, and what was left out."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modelling.images.decoding import Unreadable, size_of
from pipelines.modelling.images.recipe import OPERATION, Recipe

MOST_SHOWN = 48
MOST_SHOWN_PIXELS = 150_000_000  # of all that are shown, so that large photos do not keep a run waiting
LONGEST_SIDE = 192  # pixels of a picture, twice what it measures on the page
SMALL = 64  # such pictures are sent without loss
MOST_MEASURED = 5_000
MOST_CLASSES = 50
MOST_LEFT_OUT = 200
SEED = 0  # of the random operations in the pictures

Load = Callable[[int, np.random.Generator], np.ndarray]


def gallery(frame: pl.DataFrame, recipe: Recipe, load: Load, left_out: Sequence[tuple[str, str]]) -> Report:
    """Return the report. `load` gives the pixels of the image at a place, after the operations."""
    sizes = _sizes(frame["image"])
    blocks = [
        pictures(frame, recipe, load),
        table("Contents", ["What", "Value"], _facts(frame, sizes)),
        *([_by_class(frame)] if frame["label"].count() else []),
        *([_by_size(sizes)] if len(set(sizes)) > 1 else []),
        *([table("Operations", ["Operation", "Settings"], [list(_in_words(step)) for step in recipe.steps])] if recipe.steps else []),
        *([_left_out(left_out)] if left_out else []),
    ]
    return Report("Images", [block for block in blocks if block])


def pictures(frame: pl.DataFrame, recipe: Recipe, load: Load) -> Block | None:
    """Some images of each class as a block of pictures with names and labels; None where there is nothing to show."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    shown = []
    for index in _chosen(frame):
        try:
            pixels = load(index, generator)
        except ModuleError:  # the picture is missing, which is no reason for a step to fail
            continue
        name, label = frame["name"][index], frame["label"][index]
        height, width = pixels.shape[:2]
        shown.append({"image": _picture(pixels), "name": name, "label": label, "size": f"{width:,} × {height:,}"})
    few = f"{len(shown):,} of {frame.height:,}" if len(shown) < frame.height else f"all {frame.height:,}"
    how = ", after the operations" if recipe.steps else ""
    return {"type": "pictures", "title": f"Images ({few}{how})", "pictures": shown} if shown else None


def _chosen(frame: pl.DataFrame) -> list[int]:
    """Places of the images to show: the first of each class, then the second, as long as there is room; shown class by class."""
    drawn = frame.select("label", at=pl.int_range(pl.len()), turn=pl.int_range(pl.len()).over("label")).sort("turn", "at").head(MOST_SHOWN)
    left = MOST_SHOWN_PIXELS
    kept: list[tuple[bool, str, int]] = []
    for label, at in drawn.select("label", "at").rows():
        left -= int(np.prod(_size(frame["image"][at])))
        if left < 0 and kept:
            break
        kept.append((label is None, label or "", at))
    return [at for *_, at in sorted(kept)]


def _picture(pixels: np.ndarray) -> str:
    from PIL import Image

    image = Image.fromarray(pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = max(image.size) <= SMALL
    file = io.BytesIO()
    image.save(file, "PNG" if small else "JPEG", **({"optimize": True} if small else {"quality": 85}))
    return f"data:image/{'png' if small else 'jpeg'};base64,{base64.b64encode(file.getvalue()).decode()}"


def _sizes(contents: pl.Series) -> list[tuple[int, int]]:
    """Width and height of the files; of many, of some at equal distances."""
    return [_size(content) for content in contents.gather_every(1 + (len(contents) - 1) // MOST_MEASURED if len(contents) else 1)]


def _size(content: bytes) -> tuple[int, int]:
    try:
        return size_of(content)
    except Unreadable:
        return 0, 0


def _facts(frame: pl.DataFrame, sizes: Sequence[tuple[int, int]]) -> list[list[Any]]:
    classes, unlabelled = frame["label"].drop_nulls().n_unique(), frame["label"].null_count()
    facts: list[list[Any]] = [["Images", frame.height], ["Classes", classes]]
    facts += [["Images without a label", unlabelled]] if classes and unlabelled else []
    size = int(frame["image"].bin.size().sum())
    facts += [["Size of the files", f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"]]
    for place, side in enumerate(("Width", "Height") if sizes else ()):
        lengths = [size[place] for size in sizes]
        low, high = min(lengths), max(lengths)
        facts.append([side, f"{low:,} pixels" if low == high else f"{low:,} to {high:,} pixels, median {int(np.median(lengths)):,}"])
    return facts


def _by_class(frame: pl.DataFrame) -> Block:
    counts = frame["label"].drop_nulls().value_counts(name="images").sort("images", "label", descending=[True, False])
    values = [{"class": label, "images": images} for label, images in counts.head(MOST_CLASSES).rows()]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "class", "type": "nominal", "sort": None, "title": "Class"},
            "x": {"field": "images", "type": "quantitative", "title": "Images", "axis": {"tickMinStep": 1, "tickCount": 6}},
        },
    }
    words = (
        f"How many images each class has; the {MOST_CLASSES} largest."
        if counts.height > MOST_CLASSES
        else "How many images each class has."
    )
    return chart("Images by class", "classes", words, spec)


def _by_size(sizes: Sequence[tuple[int, int]]) -> Block:
    counts = pl.DataFrame(list(sizes), schema=["width", "height"], orient="row").group_by("width", "height").len("images")
    several = {"size": {"field": "images", "type": "quantitative", "title": "Images", "legend": {"tickCount": 3, "format": ",d"}}}
    spec = {
        "data": {"values": counts.sort("width", "height").to_dicts()},
        "mark": {"type": "circle", "tooltip": True},
        "encoding": {
            "x": {"field": "width", "type": "quantitative", "title": "Width in pixels"},
            "y": {"field": "height", "type": "quantitative", "title": "Height in pixels"},
        }
        | (several if counts["images"].max() != 1 else {}),
    }
    return chart("Sizes of the files", "sizes", f"Width and height of {len(sizes):,} files before the operations.", spec)


def _in_words(step: Any) -> tuple[str, str]:
    settings = [f"{name} {_short(value)}" for name, value in step.items() if name != OPERATION]
    return step[OPERATION].replace("_", " ").capitalize(), ", ".join(settings)


def _short(value: Any) -> str:
    return " to ".join(f"{each:.3g}" for each in value) if isinstance(value, list | tuple) else f"{value:g}"


def _left_out(left_out: Sequence[tuple[str, str]]) -> Block:
    more = f"; the first {MOST_LEFT_OUT}" if len(left_out) > MOST_LEFT_OUT else ""
    rows = [[name, f"{reason[:1].upper()}{reason[1:]}."] for name, reason in left_out[:MOST_LEFT_OUT]]
    return table(f"Left out ({len(left_out):,}{more})", ["File", "Why"], rows)
