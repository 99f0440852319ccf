"""Images of archives and of columns: labels by folder, pixels as they were, and a reason for each file that is left out."""

import io
import struct
import zlib

import numpy as np
import polars as pl
import pytest
from PIL import Image

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.examples import PIXELS, Example
from tests.support.module_runner import dataset, only

EXAMPLE = Example(PIXELS)
CONVERT = "vision.convert_to_image_directory"


def picture(format="PNG", size=(3, 2), color=(200, 30, 40), mode="RGB", **settings):
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, format, **settings)
    return file.getvalue()


def archive(files):
    return pl.DataFrame({"path": list(files), "bytes": [len(file) for file in files.values()], "content": list(files.values())})


def converted(files, **settings):
    return only(CONVERT, settings, table=archive(files))


def labels(images):
    return dict(images.frame.select("name", "label").rows())


def refusal(frame, **settings):
    with pytest.raises(ModuleError) as caught:
        only(CONVERT, settings, table=frame)
    assert caught.value.words.endswith(".") and caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("paths", "settings", "expected"),
    [
        (["b/1.png", "a/2.png"], {}, {"a/2.png": "a", "b/1.png": "b"}),
        (["all/b/1.png", "all/a/x/2.png"], {}, {"a/x/2.png": "a", "b/1.png": "b"}),
        (["all/b/1.png", "all/a/x/2.png"], {"labels": "last"}, {"a/x/2.png": "x", "b/1.png": "b"}),
        (["b/1.png", "a/2.png"], {"labels": "none"}, {"a/2.png": None, "b/1.png": None}),
        (["1.png", "2.png"], {}, {"1.png": None, "2.png": None}),
        (["flat/1.png", "flat/2.png"], {}, {"1.png": None, "2.png": None}),
        (["train/b/1.png", "train/a/2.png", "test/b/3.png"], {"folder": "train/"}, {"a/2.png": "a", "b/1.png": "b"}),
        (["köln/ü 1.PNG", "東京/2.JPeG"], {}, {"köln/ü 1.PNG": "köln", "東京/2.JPeG": "東京"}),
    ],
)
def test_the_label_is_a_folder_of_the_path(paths, settings, expected):
    assert labels(converted({path: picture() for path in paths}, **settings)) == expected


def test_every_format_is_read_and_kept_as_it_is():
    formats = {"jpg": "JPEG", "png": "PNG", "bmp": "BMP", "ppm": "PPM", "pgm": "PPM", "tif": "TIFF", "webp": "WEBP", "gif": "GIF"}
    files = {
        f"a/1.{ending}": picture(format, mode="L" if ending == "pgm" else "RGB", color=90 if ending == "pgm" else (90, 90, 90))
        for ending, format in formats.items()
    }
    images = converted(files, labels="last")
    assert dict(images.frame.select("a/" + pl.col("name"), "image").rows()) == files
    assert all(np.abs(images.load(row).astype(int) - 90).max() <= 2 for row in range(len(images)))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_what_is_left_out_is_named_with_its_reason(notes):
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")
    files = {
        "a/1.png": picture(),
        "b/2.png": picture(),
        "b/cut.png": picture(size=(50, 50))[:60],
        "b/cut.jpg": picture("JPEG", size=(64, 64))[:-30],
        "b/bomb.png": bomb,
        "b/empty.png": b"",
        "b/text.jpg": b"no image",
        "b/drawing.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "../evil.png": picture(),
        "b/../../evil.png": picture(),
        "/etc/evil.png": picture(),
        "c:\\evil.png": picture(),
        "notes.txt": b"hello",
        "b/._2.png": b"desktop",
        "b/Thumbs.db": b"desktop",
    }
    images = converted(files)
    assert set(labels(images)) == {"a/1.png", "b/2.png"}
    reasons = dict(images.left_out)
    assert set(reasons) == set(files) - {"a/1.png", "b/2.png"}
    for name in ("b/cut.png", "b/cut.jpg"):
        assert reasons[name].startswith("it is damaged (")
    assert "more than 50,000,000 pixels" in reasons["b/bomb.png"] or "at most 50,000,000" in reasons["b/bomb.png"]
    assert reasons["b/empty.png"] == "it is empty"
    assert reasons["b/text.jpg"] == reasons["b/drawing.jpg"] == "it is not an image in a supported format"
    assert all("stay within" in reasons[name] for name in files if "evil" in name)
    assert all("by its name" in reasons[name] for name in ("notes.txt", "b/._2.png", "b/Thumbs.db"))
    assert "13 files were left out" in notes[0] and "8 more" in notes[0]


def test_the_second_file_of_a_path_is_left_out():
    twice = pl.concat([archive({"a/1.png": picture(), "b/1.png": picture()}), archive({"a/1.png": picture(color=(0, 0, 0))})])
    images = only(CONVERT, table=twice)
    assert images.left_out == [("a/1.png", "another file has the same path")] and images.load(0)[0, 0, 0] == 200


def test_an_image_is_loaded_upright_on_white_in_eight_bits():
    turned = Image.Exif()
    turned[0x0112] = 6  # turn clockwise
    deep = io.BytesIO()
    Image.fromarray(np.full((2, 3), 0x8001, dtype=np.uint16)).save(deep, "PNG")
    files = {
        "1.png": picture(mode="RGBA", color=(0, 0, 0, 0)),
        "2.jpg": picture("JPEG", exif=turned),
        "3.png": deep.getvalue(),
        "4.gif": picture("GIF", mode="L", color=7),
    }
    images = converted(files)
    assert (images.load(0) == 255).all()
    assert images.load(1).shape == (3, 2, 3)
    assert (images.load(2) == 0x80).all() and (images.load(3) == 7).all()


def test_digits_are_drawn_as_their_pixels_say():
    digits = dataset("digits")
    images = only(CONVERT, {"source": "pixels", "white": 16, "label": "digit"}, table=digits)
    values = digits.frame.drop("digit").to_numpy().reshape(-1, 8, 8)
    assert images.frame["label"].to_list() == digits.frame["digit"].to_list()
    for row in (0, 7, 1796):
        assert (images.load(row) == np.round(values[row] * 255 / 16)[..., None]).all()


@pytest.mark.parametrize(("colors", "order"), [("interleaved", (0, 1, 2)), ("planes", (2, 0, 1))])
def test_colours_of_a_row_are_by_pixel_or_by_colour(colors, order):
    pixels = np.arange(4 * 2 * 3).reshape(2, 4, 3) * 10
    row = pl.DataFrame([pixels.transpose(order).ravel().astype(float).tolist()], schema=[f"p{at}" for at in range(24)], orient="row")
    images = only(CONVERT, {"source": "pixels", "colors": colors, "width": 4}, table=row)
    assert (images.load(0) == pixels).all() and labels(images) == {"1.png": None}


def test_pixels_beyond_black_and_white_and_rows_with_gaps_are_told(notes):
    frame = pl.DataFrame({"a": [-3, 300, None], "b": [255.0, 10, 4], "k": ["x/y", None, "z"]})
    images = only(CONVERT, {"source": "pixels", "width": 2, "label": "k"}, table=frame)
    assert labels(images) == {"x_y/1.png": "x/y", "2.png": None}
    assert images.load(0)[0, :, 0].tolist() == [0, 255] and images.load(1)[0, :, 0].tolist() == [255, 10]
    only(CONVERT, {"source": "pixels", "width": 2}, table=pl.DataFrame({"a": [1.0], "b": [0.5]}))
    told = [
        "2 pixels below 0 or above 255",
        "“z/3.png”: a pixel is missing or infinite",
        "1 image has no label",
        "The largest pixel value is 1",
    ]
    assert all(words in line for words, line in zip(told, notes, strict=True))


def test_image_files_of_a_column_are_named_by_row_and_format():
    frame = pl.DataFrame({"file": [picture("JPEG"), None, picture(), b"no"], "k": [1.0, 1, 2, float("nan")]})
    images = only(CONVERT, {"source": "files", "image": "file", "label": "k"}, table=frame)
    assert labels(images) == {"1/1.jpg": "1", "2/3.png": "2"}
    assert images.left_out == [("1/2", "it is empty"), ("4", "it is not an image in a supported format")]


@pytest.mark.parametrize(
    ("frame", "settings", "code", "param"),
    [
        (pl.DataFrame({"a": [1]}), {}, "not_files", "source"),
        (archive({"a/1.png": picture()}), {"folder": "train"}, "no_folder", "folder"),
        (archive({"a/1.txt": b"x"}), {}, "no_images", None),
        (archive({"a/1.txt": b"x"}).clear(), {}, "no_images", None),
        (pl.DataFrame({"a": [1.0]}).clear(), {"source": "pixels"}, "no_images", None),
        (pl.DataFrame({"a": [None, None]}, schema={"a": pl.Float64}), {"source": "pixels"}, "no_images", None),
        (pl.DataFrame({"a": [1], "b": [2]}), {"source": "pixels"}, "pixel_count", "columns"),
        (pl.DataFrame({"a": [1], "b": [2]}), {"source": "pixels", "width": 2, "colors": "planes"}, "pixel_count", "columns"),
        (pl.DataFrame({"a": [1], "b": [2]}), {"source": "pixels", "columns": []}, "pixel_count", "columns"),
        (pl.DataFrame({"a": ["x"]}), {"source": "pixels", "columns": ["a"]}, "not_a_number", "columns"),
        (pl.DataFrame({"a": ["x"]}), {"source": "files"}, "no_columns", "image"),
        (pl.DataFrame({"a": ["x"]}), {"source": "files", "image": "a"}, "not_files", "image"),
        (pl.DataFrame({"a": ["x"]}), {"source": "files", "image": "a", "label": "A"}, "unknown_column", "label"),
    ],
)  # fmt: skip
def test_what_makes_no_images_is_refused_with_the_place(frame, settings, code, param):
    wrong = refusal(frame, **settings)
    assert (wrong.code, wrong.param) == (code, param)


def test_columns_of_many_kinds_are_answered():
    dates = pl.DataFrame({"a": [1, 2], "d": [None, 3], "i": [float("inf"), 1.0], "t": ["x", "y"]})
    images = only(CONVERT, {"source": "pixels", "width": 1, "label": "t"}, table=dates)
    assert labels(images) == {"y/2.png": "y"}
