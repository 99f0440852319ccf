"""Sets of images: what is written comes back, equal ones are equal bytes, and no other file is read."""

import pickle
from zipfile import ZipFile

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image

from pipelines.catalogue.errors import ModuleError
from pipelines.kinds.images import ABOUT, KIND, Images, folder_of
from pipelines.modelling.images.decoding import encoded
from pipelines.modelling.images.recipe import Recipe
from tests.support.module_runner import only


def png(gray, size=(6, 4)):
    return encoded(Image.new("RGB", size, (gray, gray, gray)))


FRAME = pl.DataFrame({"name": ["b/1.png", "a/2.png", "3.png"], "label": ["b", "a", None], "image": [png(1), png(2), png(3)]})
RECIPE = Recipe(({"operation": "random_resized_crop", "size": 3, "area": [0.1, 1.0], "ratio": [0.75, 1.3]},))


def written(images, tmp_path):
    KIND.write(images, tmp_path / "images")
    return (tmp_path / "images").read_bytes()


def test_it_comes_back_and_equal_ones_are_equal_bytes(tmp_path):
    images = Images(FRAME, RECIPE, training=True, left_out=[("x", "y")])
    first = written(images, tmp_path)
    back = KIND.read(tmp_path / "images")
    assert back.frame.equals(FRAME) and (back.recipe, back.training, back.classes) == (RECIPE, True, ("a", "b"))
    KIND.write(back, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == first
    assert written(Images(FRAME, RECIPE), tmp_path) != first


@pytest.mark.parametrize("rows", [[0, 2], [1], []])
def test_rows_of_a_larger_set_are_the_same_bytes_as_a_set_of_these_rows(rows, tmp_path):
    part = written(Images(FRAME).with_frame(FRAME[rows]), tmp_path)
    assert part == written(Images(pl.DataFrame(FRAME[rows].rows(), schema=FRAME.schema, orient="row")), tmp_path)
    assert len(KIND.read(tmp_path / "images")) == len(rows)


@pytest.mark.parametrize("frame", [
    FRAME.rename({"label": "class"}),
    FRAME.with_columns(label=pl.lit(1)),
    FRAME.with_columns(name=pl.lit("1.png")),
    FRAME.with_columns(image=pl.lit(None, pl.Binary)),
    *(FRAME.with_columns(name=pl.Series(["1.png", "2.png", path])) for path in ("../3.png", "a/../../3.png", "/3.png", "c:/3.png", "a\\3.png", "a//3.png", "", ".", "a\n.png")),
])  # fmt: skip
def test_what_is_no_set_of_images_is_refused(frame):
    with pytest.raises(ValueError, match="images"):
        Images(frame)


def test_no_other_file_is_read_and_no_code_is_executed(tmp_path):
    def stored(frame, about):
        table = frame.to_arrow().replace_schema_metadata(about)
        with pa.ipc.new_file(tmp_path / "bad", table.schema) as file:
            file.write_table(table)

    fine = msgspec.json.encode({"steps": [], "training": False})
    for frame, about in (
        (FRAME, {}),
        (FRAME, {ABOUT: b"{}"}),
        (FRAME.drop("label"), {ABOUT: fine}),
        (FRAME, {ABOUT: fine.replace(b"[]", b'[{"operation":"system"}]')}),
    ):
        stored(frame, about)
        with pytest.raises(ValueError):
            KIND.read(tmp_path / "bad")
    (tmp_path / "worse").write_bytes(pickle.dumps(print))
    with pytest.raises(pa.ArrowInvalid):
        KIND.read(tmp_path / "worse")


def test_an_image_that_cannot_be_read_is_named():
    images = Images(FRAME.with_columns(image=pl.lit(b"no")), Recipe())
    with pytest.raises(ModuleError) as caught:
        images.load(1)
    assert caught.value.code == "unreadable_image" and "“a/2.png”" in caught.value.words


def test_the_archive_has_a_folder_for_each_class_and_is_read_again(tmp_path):
    images = Images(FRAME.with_columns(name=pl.Series(["1.png", "a/2.png", "3.png"]), label=pl.Series(["b", "a", "c/d"])))
    KIND.downloads["zip"].write(images, tmp_path / "zip", raw=True)
    with ZipFile(tmp_path / "zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == {"b/1.png": png(1), "a/2.png": png(2), "c_d/3.png": png(3)}
    table = pl.DataFrame({"path": list(files), "content": list(files.values())})
    assert dict(only("vision.convert_to_image_directory", table=table).frame.select("label", "image").rows()) == {
        "b": png(1),
        "a": png(2),
        "c_d": png(3),
    }


@pytest.mark.parametrize(("label", "folder"), [("cat", "cat"), ("a/b", "a_b"), ("..", "_"), ("", "_"), ("日本", "日本"), ("x\n", "x_")])
def test_the_folder_of_a_class_is_a_name_on_every_system(label, folder):
    assert folder_of(label) == folder


def test_the_report_shows_images_of_each_class_and_what_was_left_out():
    many = pl.DataFrame({
        "name": [f"{at}.png" for at in range(300)],
        "label": [None if at == 0 else "rare" if at == 299 else "often" for at in range(300)],
        "image": [png(at % 256, (300 + at % 3, 10)) for at in range(300)],
    })  # fmt: skip
    report = KIND.report(
        Images(many, Recipe(({"operation": "pad", "pixels": 2},)), left_out=[("notes.txt", "by its name it is not an image")])
    )
    shown, facts, classes, sizes, operations, left_out = report.blocks
    assert shown["title"] == "Images (48 of 300, after the operations)"
    pictures = shown["pictures"]
    assert [(each["name"], each["label"]) for each in (pictures[-2], pictures[-1])] == [("299.png", "rare"), ("0.png", None)]
    assert len(pictures) == 48 and pictures[0]["image"].startswith("data:image/jpeg;base64,") and pictures[0]["size"] == "305 × 14"
    assert facts["rows"][:3] == [["Images", 300], ["Classes", 2], ["Images without a label", 1]]
    assert facts["rows"][-2:] == [["Width", "300 to 302 pixels, median 301"], ["Height", "10 pixels"]]
    assert classes["spec"]["data"]["values"] == [{"class": "often", "images": 298}, {"class": "rare", "images": 1}]
    assert sum(each["images"] for each in sizes["spec"]["data"]["values"]) == 300
    assert operations["rows"] == [["Pad", "pixels 2"]]
    assert left_out["rows"] == [["notes.txt", "By its name it is not an image."]]


def test_the_report_of_random_operations_is_the_same_each_time_and_of_nothing_is_short():
    images = Images(FRAME, RECIPE, training=True)
    assert KIND.report(images) == KIND.report(images)
    assert [block["title"] for block in KIND.report(Images(FRAME.clear())).blocks] == ["Contents"]
    damaged = Images(FRAME.with_columns(image=pl.Series([png(1), b"no", png(3)])))
    assert [each["name"] for each in KIND.report(damaged).blocks[0]["pictures"]] == ["b/1.png", "3.png"]


def test_pixels_of_a_load_are_height_width_and_three_colours():
    assert Images(FRAME).load(2).shape == (4, 6, 3) and Images(FRAME).load(2).dtype == np.uint8
