"""Convert to Image Directory: images of an archive, or of the columns of a table."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import NUMERIC, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Title, Titles, When
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import Table
from pipelines.kinds.images import Images
from pipelines.modules.vision._pixels import of_pixels
from pipelines.modules.vision._reading import of_archive, of_column

Source = Annotated[
    Literal["archive", "files", "pixels"],
    Title("Read from"),
    Titles(archive="Files of an archive", files="A column of image files", pixels="Columns of pixel values"),
]
Labels = Annotated[
    Literal["first", "last", "none"],
    Title("Labels"),
    Titles(first="First folder", last="Folder of the file", none="None"),
    When("source", "archive"),
]
Colors = Annotated[
    Literal["gray", "interleaved", "planes"],
    Titles(gray="Gray", interleaved="Red, green, blue of each pixel", planes="All red, then all green, then all blue"),
    When("source", "pixels"),
]


@module(
    "Convert to Image Directory",
    icon="library-photo",
    aliases=("image folder", "ImageFolder", "images", "pictures", "photos", "vision", "digits", "mnist"),
    libraries=("numpy", "pillow"),
)
def convert_to_image_directory(
    table: Table,
    *,
    source: Source = "archive",
    folder: Annotated[str, When("source", "archive")] = "",
    labels: Labels = "first",
    image: Annotated[Column | None, Title("Image column"), When("source", "files")] = None,
    columns: Annotated[Columns, Title("Pixel columns"), When("source", "pixels")] = NUMERIC,
    width: Annotated[int | None, Range(1, 50_000), When("source", "pixels")] = None,
    colors: Colors = "gray",
    white: Annotated[float, Title("Value of white"), Range(0, exclusive_min=True), When("source", "pixels")] = 255,
    label: Annotated[Column | None, Title("Label column"), When("source", "files", "pixels")] = None,
) -> Images:
    """Make a set of labelled images of an uploaded archive, of a column of image files, or of columns of pixel values.

    Of an archive, images are the files in JPEG, PNG, BMP, PPM, PGM, PBM, TIFF, WebP or GIF format that have the ending of one. Folders that all images
    are in are left away. Then the label of an image is the first folder of its path, as in an archive with a folder for each class; an image in no folder
    has no label. Images are ordered by path.

    Each image is read to its end once. Other files, damaged ones, a second file of the same path and images of more than 50 million pixels are left out;
    the log and the report name them with the reason. Image files are kept as they are. Whenever one is loaded, it is turned upright as its EXIF data say,
    16 bits become 8, transparent parts become white, gray becomes red, green and blue, and of several frames the first is taken.

    Of pixel values, each row is an image, line by line from the top left. 0 is black; values beyond black and white are clipped, and the log counts them. A
    row with a missing or infinite pixel is left out.

    When to use:
        First, to train or score a model of images.

    Args:
        table: A dataset that was uploaded as a ZIP or TAR archive, or a table with images in its columns.
        source: Where the images are.
        folder: Use only the files below this folder of the archive, such as photos/train. If empty, all.
        labels: Which folder of its path is the label of an image.
        image: The column that holds image files as binary values.
        columns: The columns of pixel values, in the order of the table. The label is left out.
        width: How many pixels wide an image is; if empty, images are square.
        colors: What the values of a row are.
        white: The pixel value that is white: 255, or 1, or 16 for the sample of digits.
        label: The column of labels. If empty, images have none.

    Returns:
        The images. The report shows some of each class.

    Example:
        table: {"data.dataset": {"dataset": "digits"}}
        source: "pixels"
        white: 16
        label: "digit"
    """
    if source == "archive":
        return of_archive(table.frame, folder, labels)
    truth = _labels(table, label)
    if source == "pixels":
        chosen = [column for column in columns.pick(table) if column != label]
        return of_pixels(table.frame, chosen, truth, width, colors, white)
    return of_column(_files(table, image), truth)


def _files(table: Table, image: str | None) -> pl.Series:
    """The column of image files."""
    if image is None:
        words = "No column of images is selected."
        raise ModuleError("no_columns", words, param="image", port="table", remedy="Select a column of image files as binary values.")
    if table.frame.schema[require(image, table, param="image")] != pl.Binary:
        words = f"“{image}” does not hold files as binary values."
        remedy = "Select a column of image files, such as content of an archive, or read from columns of pixel values."
        raise ModuleError("not_files", words, column=image, param="image", port="table", remedy=remedy)
    return table.frame[image]


def _labels(table: Table, label: str | None) -> pl.Series:
    if label is None:
        return pl.Series("label", [None] * table.frame.height, dtype=pl.String)
    values = table.frame[require(label, table, param="label")]
    return class_text(values.fill_nan(None) if values.dtype.is_float() else values)
