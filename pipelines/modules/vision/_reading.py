"""What becomes of image files: which are kept, their names and labels, and what is said of the others."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log, progress
from pipelines.kinds.images import SCHEMA, Images, folder_of, is_path
from pipelines.modelling.images.decoding import ENDINGS, Unreadable, check

PATH, CONTENT = "path", "content"
LeftOut = list[tuple[str, str]]
MOST_NAMED = 5
STEP = 200  # images between two reports of progress


def of_archive(frame: pl.DataFrame, folder: str, labels: Literal["first", "last", "none"]) -> Images:
    """The images among the files of an archive: columns path and content.

    Raises:
        ModuleError: `not_files`, `no_folder` or `no_images`.
    """
    if frame.schema.get(PATH) != pl.String or frame.schema.get(CONTENT) != pl.Binary:
        words = "The table does not have the columns path (text) and content of files."
        remedy = "Connect a dataset that was uploaded as an archive, or choose columns in “Read from”."
        raise ModuleError("not_files", words, port="table", param="source", remedy=remedy)
    files = frame.select(pl.col(PATH).str.strip_prefix("./").alias("name"), image=CONTENT).drop_nulls("name")
    if below := folder.strip().strip("/"):
        files = files.filter(pl.col("name").str.starts_with(f"{below}/")).with_columns(pl.col("name").str.slice(len(below) + 1))
        if files.is_empty():
            words = f"The archive has no files below the folder “{below}”."
            raise ModuleError(
                "no_folder", words, param="folder", remedy="Use its path in the archive, such as photos/train, or leave it empty."
            )
    kept, left_out = _sifted(files)
    named = _below_the_common_folder(kept)
    return told(named.with_columns(label=_labels(named["name"], labels)), left_out)


def of_column(values: pl.Series, labels: pl.Series) -> Images:
    """The images of a column of image files."""
    frame = numbered(values.rename("image"), labels)
    kept, left_out = _readable(frame.with_columns(pl.col("image").fill_null(b"")))
    return told(kept.with_columns(pl.col("name") + "." + pl.col("ending")), left_out)


def numbered(images: pl.Series, labels: pl.Series) -> pl.DataFrame:
    """Images named by their row, in a folder of their label."""
    digits = len(str(len(images)))
    folders = [None if label is None else folder_of(label) for label in labels]
    names = [f"{f'{folder}/' if folder else ''}{row:0{digits}}" for row, folder in enumerate(folders, 1)]
    return pl.DataFrame({"name": names, "label": labels, "image": images}, schema=SCHEMA)


def told(frame: pl.DataFrame, left_out: LeftOut) -> Images:
    """The images, after a word in the log on what was left out.

    Raises:
        ModuleError: `no_images`, with the reason that the first was left out.
    """
    if frame.is_empty():
        why = f"; of the first, “{left_out[0][0]}”, {left_out[0][1]}" if left_out else ""
        words = f"There is no image that can be read{why}."
        raise ModuleError("no_images", words, port="table", remedy="Connect images in JPEG, PNG, BMP, PPM, PGM, TIFF, WebP or GIF format.")
    if left_out:
        some = "; ".join(f"“{name}”: {reason}" for name, reason in left_out[:MOST_NAMED])
        more = f"; and {len(left_out) - MOST_NAMED:,} more, see the report" if len(left_out) > MOST_NAMED else ""
        log(f"{counted(len(left_out), 'file was', 'files were')} left out: {some}{more}.", "warning")
    unlabelled = frame["label"].null_count()
    if 0 < unlabelled < frame.height:
        log(f"{counted(unlabelled, 'image has', 'images have')} no label.", "warning")
    return Images(frame.select(list(SCHEMA)), left_out=left_out)


def _sifted(files: pl.DataFrame) -> tuple[pl.DataFrame, LeftOut]:
    """The images among files in the order of their names, and the others with reasons."""
    ordered = files.sort("name", maintain_order=True)
    last = pl.col("name").str.split("/").list.last()
    reasons = (
        pl.when(~is_path(ordered["name"]))
        .then(pl.lit("its path does not stay within the archive or is not one on every system"))
        .when(last.str.starts_with(".") | ~last.str.to_lowercase().str.split(".").list.last().is_in(sorted(ENDINGS)))
        .then(pl.lit("by its name it is not an image"))
        .when(~pl.col("name").is_first_distinct())
        .then(pl.lit("another file has the same path"))
    )
    judged = ordered.with_columns(reason=reasons)
    refused = [(_printable(name), reason) for name, reason in judged.filter(pl.col("reason").is_not_null()).select("name", "reason").rows()]
    kept, unreadable = _readable(judged.filter(pl.col("reason").is_null()).drop("reason").with_columns(pl.col("image").fill_null(b"")))
    return kept, unreadable + refused


def _readable(files: pl.DataFrame) -> tuple[pl.DataFrame, LeftOut]:
    """The files that are images, with the usual ending of their format, and the others with reasons."""
    endings: list[str | None] = []
    left_out = []
    for row, (name, content) in enumerate(files.select("name", "image").iter_rows()):
        if row % STEP == 0:
            progress(row, files.height, "Checking images")
        try:
            endings.append(check(content))
        except Unreadable as wrong:
            endings.append(None)
            left_out.append((name, str(wrong)))
    return files.with_columns(pl.Series("ending", endings, dtype=pl.String)).drop_nulls("ending"), left_out


def _below_the_common_folder(files: pl.DataFrame) -> pl.DataFrame:
    """The files without the folders that all of them are in."""
    common = 0
    for parts in zip(*(name.split("/")[:-1] for name in files["name"]), strict=False):
        if len(set(parts)) > 1:
            break
        common += 1
    return files.with_columns(pl.col("name").str.split("/").list.slice(common).list.join("/"))


def _labels(names: pl.Series, which: Literal["first", "last", "none"]) -> pl.Series:
    """The first or the last folder of each path; missing for a file that is in none."""
    parts = pl.col("name").str.split("/")
    folder = parts.list.first() if which == "first" else parts.list.get(-2, null_on_oob=True)
    inside = pl.lit(which != "none") & (parts.list.len() > 1)
    return names.to_frame("name").select(label=pl.when(inside).then(folder)).to_series()


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name[:200])
