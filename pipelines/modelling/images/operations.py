"""What a recipe can do to an image. The results are those of torchvision's functions on Pillow images; chance comes from a NumPy generator."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageEnhance, ImageOps
from PIL.Image import Resampling, Transform, Transpose

BLACK = (0, 0, 0)
ATTEMPTS = 10  # to draw an area that fits

Operation = Callable[..., Image.Image]
Random = Callable[..., Image.Image]
FIXED: dict[str, Operation] = {}  # operation(image, **settings)
RANDOM: dict[str, Random] = {}  # operation(image, generator, **settings)


def _fixed(operation: Operation) -> Operation:
    FIXED[operation.__name__] = operation
    return operation


def _random(operation: Random) -> Random:
    RANDOM[operation.__name__] = operation
    return operation


@_fixed
def resize(image: Image.Image, *, size: int) -> Image.Image:
    """Make the shorter side as long as `size`; the other one keeps its proportion."""
    return image.resize(resized(image.size, size), Resampling.BILINEAR)


def resized(of: tuple[int, int], size: int) -> tuple[int, int]:
    """Return width and height of an image of this width and height after `resize`."""
    width, height = of
    longer = int(size * max(of) / min(of))
    return (size, longer) if width <= height else (longer, size)


@_fixed
def center_crop(image: Image.Image, *, size: int) -> Image.Image:
    """Cut a square out of the middle; a smaller image gets black margins."""
    image = _at_least(image, size)
    left, top = (round((side - size) / 2) for side in image.size)
    return image.crop((left, top, left + size, top + size))


@_fixed
def pad(image: Image.Image, *, pixels: int) -> Image.Image:
    """Add a black margin on each side."""
    return ImageOps.expand(image, pixels, BLACK)


@_fixed
def grayscale(image: Image.Image) -> Image.Image:
    """Replace colours by their brightness."""
    return image.convert("L").convert("RGB")


@_random
def color_jitter(
    image: Image.Image, generator: Generator, *, brightness: float, contrast: float, saturation: float, hue: float
) -> Image.Image:
    """Change brightness, contrast, saturation and hue by random factors, in random order."""
    for which in generator.permutation(4):
        if which == 3:
            image = _hued(image, generator.uniform(-hue, hue)) if hue else image
        elif spread := (brightness, contrast, saturation)[which]:
            enhance = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)[which]
            image = enhance(image).enhance(generator.uniform(max(0, 1 - spread), 1 + spread))
    return image


@_random
def random_resized_crop(
    image: Image.Image, generator: Generator, *, size: int, area: tuple[float, float], ratio: tuple[float, float]
) -> Image.Image:
    """Cut out a random part of the image, and make it a square of this size."""
    left, top, width, height = _part(image.size, generator, area, ratio) or _middle(image.size, ratio)
    return image.crop((left, top, left + width, top + height)).resize((size, size), Resampling.BILINEAR)


@_random
def random_crop(image: Image.Image, generator: Generator, *, size: int) -> Image.Image:
    """Cut out a square at a random place; a smaller image gets black margins."""
    image = _at_least(image, size)
    left, top = (int(generator.integers(side - size + 1)) for side in image.size)
    return image.crop((left, top, left + size, top + size))


@_random
def random_horizontal_flip(image: Image.Image, generator: Generator, *, probability: float) -> Image.Image:
    """Swap left and right."""
    return image.transpose(Transpose.FLIP_LEFT_RIGHT) if generator.random() < probability else image


@_random
def random_vertical_flip(image: Image.Image, generator: Generator, *, probability: float) -> Image.Image:
    """Swap top and bottom."""
    return image.transpose(Transpose.FLIP_TOP_BOTTOM) if generator.random() < probability else image


@_random
def random_rotation(image: Image.Image, generator: Generator, *, degrees: float) -> Image.Image:
    """Turn the image about its middle by a random angle; what it does not cover is black."""
    return image.rotate(generator.uniform(-degrees, degrees), Resampling.BILINEAR)


@_random
def random_affine(image: Image.Image, generator: Generator, *, degrees: float, shift: float, zoom: float, shear: float) -> Image.Image:
    """Turn, shift, scale and shear the image; what it does not cover is black."""
    angle, slant = generator.uniform(-degrees, degrees), generator.uniform(-shear, shear)
    across, down = (round(generator.uniform(-shift, shift) * side) for side in image.size)
    matrix = affine_matrix(image.size, angle, (across, down), generator.uniform(1 - zoom, 1 + zoom), slant)
    return image.transform(image.size, Transform.AFFINE, matrix, Resampling.BILINEAR)


@_random
def random_grayscale(image: Image.Image, generator: Generator, *, probability: float) -> Image.Image:
    """Replace colours by their brightness."""
    return grayscale(image) if generator.random() < probability else image


@_random
def random_perspective(image: Image.Image, generator: Generator, *, distortion: float, probability: float) -> Image.Image:
    """Move each corner inwards by a random distance; what the image does not cover is black."""
    if generator.random() >= probability:
        return image
    reach = [int(distortion * (side // 2)) for side in image.size]
    inwards = [[int(generator.integers(most + 1)) for most in reach] for _ in range(4)]
    right, bottom = image.width - 1, image.height - 1
    corners = [(0, 0), (right, 0), (right, bottom), (0, bottom)]
    moved = [(abs(x - dx), abs(y - dy)) for (x, y), (dx, dy) in zip(corners, inwards, strict=True)]
    return image.transform(image.size, Transform.PERSPECTIVE, perspective_coefficients(corners, moved), Resampling.BILINEAR)


@_random
def random_erasing(
    image: Image.Image, generator: Generator, *, probability: float, area: tuple[float, float], ratio: tuple[float, float]
) -> Image.Image:
    """Paint a random rectangle black."""
    if generator.random() >= probability or not (part := _part(image.size, generator, area, ratio)):
        return image
    left, top, width, height = part
    image = image.copy()
    image.paste(BLACK, (left, top, left + width, top + height))
    return image


def affine_matrix(size: tuple[int, int], angle: float, shift: tuple[float, float], scale: float, shear: float) -> list[float]:
    """Return the first two rows of the matrix from places in the result to places in the image, as Pillow wants it.

    About the middle, in this order: shear along x, turn clockwise, scale, shift.
    """
    turn, slant = math.radians(angle), math.tan(math.radians(shear))
    forward = scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) @ [[1, -slant], [0, 1]]
    back = np.linalg.inv(forward)
    middle = np.array(size) / 2
    offset = middle - back @ (middle + shift)
    return np.column_stack([back, offset]).ravel().tolist()


def perspective_coefficients(corners: list[tuple[int, int]], moved: list[tuple[int, int]]) -> list[float]:
    """Return the eight coefficients of the map that takes each moved corner to its corner, as Pillow wants them."""
    rows = []
    for (x, y), (to_x, to_y) in zip(moved, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -to_x * x, -to_x * y], [0, 0, 0, x, y, 1, -to_y * x, -to_y * y]]
    found: list[float] = np.linalg.lstsq(np.array(rows, float), np.array(corners, float).ravel(), rcond=None)[0].tolist()
    return found


def _at_least(image: Image.Image, size: int) -> Image.Image:
    across, down = (max(0, size - side) for side in image.size)
    return ImageOps.expand(image, (across // 2, down // 2, (across + 1) // 2, (down + 1) // 2), BLACK) if across or down else image


def _hued(image: Image.Image, turn: float) -> Image.Image:
    hue, saturation, value = image.convert("HSV").split()
    turned = np.asarray(hue) + np.int32(turn * 255).astype(np.uint8)  # a circle: beyond 255 it starts again
    return Image.merge("HSV", (Image.fromarray(turned), saturation, value)).convert("RGB")


def _part(
    size: tuple[int, int], generator: Generator, area: tuple[float, float], ratio: tuple[float, float]
) -> tuple[int, int, int, int] | None:
    """A random part as left, top, width and height: first its share of the area, then width / height, then its place. None if none fits."""
    width, height = size
    for _ in range(ATTEMPTS):
        covered = width * height * generator.uniform(*area)
        shape = math.exp(generator.uniform(math.log(ratio[0]), math.log(ratio[1])))
        across, down = round(math.sqrt(covered * shape)), round(math.sqrt(covered / shape))
        if 0 < across <= width and 0 < down <= height:
            return int(generator.integers(width - across + 1)), int(generator.integers(height - down + 1)), across, down
    return None


def _middle(size: tuple[int, int], ratio: tuple[float, float]) -> tuple[int, int, int, int]:
    """The largest part of a permitted shape about the middle."""
    width, height = size
    across = min(width, max(1, round(height * ratio[1])))
    down = min(height, max(1, round(width / ratio[0])))
    return (width - across) // 2, (height - down) // 2, across, down
