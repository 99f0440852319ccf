"""Operations on images: byte for byte what torchvision does with the same numbers, or Pillow where torchvision is not installed."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from pipelines.modelling.images import operations as own
from tests.pipelines.modelling.images.photos import photo


class Given:
    """A generator that gives these numbers, one for each draw."""

    def __init__(self, *numbers):
        self._numbers = list(numbers)

    def _next(self, *_):
        return self._numbers.pop(0)

    uniform = integers = random = permutation = _next


def draws(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


def same(image, expected):
    assert image.size == expected.size and np.array_equal(np.asarray(image), np.asarray(expected))


@pytest.mark.parametrize(("size", "expected"), [(256, (383, 256)), (427, (640, 427)), (900, (1348, 900)), (1, (1, 1))])
def test_resize_brings_the_shorter_side_to_a_length(size, expected):
    same(own.resize(photo(), size=size), photo().resize(expected, Image.Resampling.BILINEAR))
    same(
        own.resize(photo().transpose(Image.Transpose.ROTATE_90), size=size),
        photo().transpose(Image.Transpose.ROTATE_90).resize(expected[::-1], Image.Resampling.BILINEAR),
    )


@pytest.mark.parametrize("size", [224, 225, 427])
def test_the_middle_is_cut_out(size):
    left, top = round((640 - size) / 2), round((427 - size) / 2)
    same(own.center_crop(photo(), size=size), photo().crop((left, top, left + size, top + size)))


def test_a_smaller_image_gets_black_margins():
    small = Image.new("RGB", (2, 5), (255, 255, 255))
    cut = np.asarray(own.center_crop(small, size=5))
    assert cut.shape == (5, 5, 3) and cut[:, :, 0].sum(axis=0).tolist() == [0, 255 * 5, 255 * 5, 0, 0]
    assert np.asarray(own.random_crop(small, draws(), size=9)).sum() == 255 * 3 * 10
    same(own.pad(small, pixels=3), ImageOps.expand(small, 3))


def test_random_parts_lie_within_the_image_and_cover_what_is_asked():
    whole = np.zeros((40, 60, 3), dtype=np.uint8)
    whole[..., 0], whole[..., 1] = np.arange(60), np.arange(40)[:, None]
    generator, starts = draws(), set()
    for _ in range(200):
        cut = np.asarray(own.random_crop(Image.fromarray(whole), generator, size=30))
        assert (np.diff(cut[0, :, 0].astype(int)) == 1).all() and (np.diff(cut[:, 0, 1].astype(int)) == 1).all()
        starts.add((cut[0, 0, 0], cut[0, 0, 1]))
    assert {x for x, _ in starts} == set(range(31)) and {y for _, y in starts} == set(range(11))
    parts = [own._part((60, 40), generator, (0.1, 0.5), (0.5, 2)) for _ in range(300)]
    areas = np.array([width * height / 2400 for _, _, width, height in parts])
    shapes = np.array([width / height for _, _, width, height in parts])
    assert all(0 <= left <= 60 - width and 0 <= top <= 40 - height for left, top, width, height in parts)
    assert 0.09 < areas.min() < 0.13 and 0.45 < areas.max() < 0.52 and abs(areas.mean() - 0.3) < 0.03
    assert 0.45 < shapes.min() < 0.6 and 1.7 < shapes.max() < 2.1


@pytest.mark.parametrize(("size", "expected"), [((1000, 10), (493, 0, 13, 10)), ((10, 1000), (0, 493, 10, 13)), ((1, 1), (0, 0, 1, 1))])
def test_where_no_part_fits_the_middle_is_taken(size, expected):
    assert own._middle(size, (3 / 4, 4 / 3)) == expected
    assert own.random_resized_crop(Image.new("RGB", size), draws(), size=7, area=(1.0, 1.0), ratio=(3 / 4, 4 / 3)).size == (7, 7)


def test_flips_have_their_probability():
    photos = photo().resize((4, 3))
    mirrored = sum(own.random_horizontal_flip(photos, generator, probability=0.3) != photos for generator in [draws()] for _ in range(2000))
    assert abs(mirrored / 2000 - 0.3) < 0.04
    same(own.random_horizontal_flip(photos, draws(), probability=1), ImageOps.mirror(photos))
    same(own.random_vertical_flip(photos, draws(), probability=1), ImageOps.flip(photos))
    assert own.random_vertical_flip(photos, draws(), probability=0) is photos


def test_a_rectangle_is_painted_black_and_the_image_stays():
    white = Image.new("RGB", (50, 40), (255, 255, 255))
    black = (np.asarray(own.random_erasing(white, draws(), probability=1, area=[0.2, 0.3], ratio=[0.5, 2])) == 0).all(axis=2)
    rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
    assert black[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all() and 0.19 < black.mean() < 0.31
    assert (np.asarray(white) == 255).all()


def test_nothing_is_random_but_the_generator():
    settings = {"degrees": 20.0, "shift": 0.1, "zoom": 0.2, "shear": 5.0}
    same(own.random_affine(photo(), draws(3), **settings), own.random_affine(photo(), draws(3), **settings))
    assert own.random_affine(photo(), draws(3), **settings) != own.random_affine(photo(), draws(4), **settings)


@pytest.mark.slow
def test_torchvision_gives_the_same_bytes_for_the_same_numbers():
    functional = pytest.importorskip("torchvision.transforms.functional")
    bilinear = functional.InterpolationMode.BILINEAR
    image = photo()
    for size in (100, 256, 500):
        same(own.resize(image, size=size), functional.resize(image, size))
        same(own.center_crop(image, size=size), functional.center_crop(image, size))
    same(own.pad(image, pixels=7), functional.pad(image, 7))
    same(own.grayscale(image), functional.to_grayscale(image, 3))
    same(own.random_rotation(image, Given(17.5), degrees=30), functional.rotate(image, 17.5, bilinear))
    # the numbers are: degrees, shear, shift across and down, zoom
    moved = functional.affine(image, 12.5, [64, -43], 1.2, [7.0, 0.0], bilinear)
    same(own.random_affine(image, Given(12.5, 7.0, 0.1, -0.1, 1.2), degrees=20, shift=0.2, zoom=0.3, shear=10), moved)
    corners = [[0, 0], [639, 0], [639, 426], [0, 426]]
    ends = [[30, 20], [639 - 50, 10], [639 - 5, 426 - 60], [80, 426 - 70]]
    seen = own.random_perspective(image, Given(0.0, 30, 20, 50, 10, 5, 60, 80, 70), distortion=0.5, probability=1)
    near = np.abs(np.asarray(seen).astype(int) - np.asarray(functional.perspective(image, corners, ends, bilinear)))
    assert near.max() <= 4 and near.mean() < 0.01  # torchvision rounds its coefficients to 32 bits
    jittered = functional.adjust_hue(
        functional.adjust_contrast(functional.adjust_saturation(functional.adjust_brightness(image, 0.7), 1.3), 0.8), -0.2
    )
    same(own.color_jitter(image, Given([0, 2, 1, 3], 0.7, 1.3, 0.8, -0.2), brightness=0.4, contrast=0.4, saturation=0.4, hue=0.3), jittered)
    # the numbers are: area, logarithm of width / height, left, top
    cut = own.random_resized_crop(image, Given(0.25, 0.0, 100, 50), size=96, area=(0.1, 0.5), ratio=(0.5, 2))
    side = round((640 * 427 / 4) ** 0.5)
    same(cut, functional.resized_crop(image, 50, 100, side, side, [96, 96]))
    same(own.random_crop(image, Given(100, 50), size=200), functional.crop(image, 50, 100, 200, 200))
