"""Image files as pixels: the same as Pillow's own, and a reason where there are none. Formats are tested with Convert to Image Directory."""

import io

import numpy as np
import pytest
from PIL import Image

from pipelines.modelling.images.decoding import Unreadable, check, decoded, encoded, size_of
from tests.pipelines.modelling.images.photos import content, photo


def test_a_photo_is_what_pillow_reads():
    assert np.array_equal(np.asarray(photo()), np.asarray(Image.open(io.BytesIO(content("china")))))
    assert size_of(content("china")) == photo().size == (640, 427)


def test_what_is_encoded_is_decoded():
    assert np.array_equal(np.asarray(decoded(encoded(photo()))), np.asarray(photo()))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_mode_becomes_red_green_and_blue(mode):
    file = io.BytesIO()
    Image.new(mode, (3, 2)).save(file, "TIFF")
    assert decoded(file.getvalue()).mode == "RGB"


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pixels_of_32_bits_are_refused(mode):
    file = io.BytesIO()
    Image.new(mode, (3, 2)).save(file, "TIFF")
    with pytest.raises(Unreadable, match="32 bits"):
        decoded(file.getvalue())


def test_deep_gray_of_a_pgm_file_is_brought_to_eight_bits():
    values = np.array([[0, 0x1234], [0x8000, 0xFFFF]], dtype=">u2")
    assert np.asarray(decoded(b"P5 2 2 65535\n" + values.tobytes()))[..., 0].tolist() == [[0, 0x12], [0x80, 0xFF]]


def test_a_transparent_colour_becomes_white():
    file = io.BytesIO()
    image = Image.new("RGB", (2, 1), (9, 9, 9))
    image.putpixel((0, 0), (1, 2, 3))
    image.save(file, "PNG", transparency=(1, 2, 3))
    assert np.asarray(decoded(file.getvalue())).tolist() == [[[255, 255, 255], [9, 9, 9]]]


@pytest.mark.parametrize("read", [check, decoded])
@pytest.mark.parametrize(("part", "reason"), [(slice(0, 0), "empty"), (slice(5), "not an image"), (slice(-5000), "damaged")])
def test_a_part_of_a_file_is_no_image(read, part, reason):
    with pytest.raises(Unreadable, match=reason):
        read(content("china")[part])


def test_the_ending_is_that_of_the_format():
    assert check(content("flower")) == "jpg" and check(encoded(photo())) == "png"
