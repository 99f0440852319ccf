"""The settings of an image transformation, in groups that follow each other as their operations do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pipelines.catalogue.params import Range, Title, When
from pipelines.modelling.images.recipe import OPERATION

Side = Range(1, 4096)
Share = Range(0, 1)
Positive = Range(0, 1, exclusive_min=True)
Wide = Range(1, 100)  # a width as a multiple of the height
Narrow = Range(0.01, 1)
Steps = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Framing:
    """How images are brought to one size.

    Args:
        resize: Bring the shorter side to a length; the longer side keeps its proportion.
        resize_to: The length of the shorter side in pixels.
        center_crop: Cut a square out of the middle. An image that is smaller gets black margins.
        center_crop_to: The side of that square in pixels.
        pad: Add a black margin on each side.
        padding: The width of the margin in pixels.
    """

    resize: bool = True
    resize_to: Annotated[int, Title("Shorter side"), Side, When("resize", True)] = 256
    center_crop: bool = True
    center_crop_to: Annotated[int, Title("Side of the center crop"), Side, When("center_crop", True)] = 224
    pad: bool = False
    padding: Annotated[int, Range(0, 4096), When("pad", True)] = 4

    @property
    def steps(self) -> Steps:
        return (
            *_step(self.resize, "resize", size=self.resize_to),
            *_step(self.center_crop, "center_crop", size=self.center_crop_to),
            *_step(self.pad, "pad", pixels=self.padding),
        )


@dataclass(frozen=True)
class Coloring:
    """How colours change.

    Args:
        color_jitter: Vary brightness, contrast, saturation and hue, in random order. Random.
        brightness: Brightness is multiplied by a factor from 1 − this to 1 + this.
        contrast: The same for the contrast.
        saturation: The same for the saturation.
        hue: The hue is turned by up to this share of the colour circle.
        grayscale: Replace colours by their brightness.
    """

    color_jitter: bool = False
    brightness: Annotated[float, Share, When("color_jitter", True)] = 0.4
    contrast: Annotated[float, Share, When("color_jitter", True)] = 0.4
    saturation: Annotated[float, Share, When("color_jitter", True)] = 0.4
    hue: Annotated[float, Range(0, 0.5), When("color_jitter", True)] = 0.0
    grayscale: bool = False

    @property
    def steps(self) -> Steps:
        return (
            *_step(
                self.color_jitter,
                "color_jitter",
                brightness=self.brightness,
                contrast=self.contrast,
                saturation=self.saturation,
                hue=self.hue,
            ),
            *_step(self.grayscale, "grayscale"),
        )


@dataclass(frozen=True)
class Cropping:
    """Which parts are cut out at random.

    Args:
        random_resized_crop: Cut out a part of random size, shape and place, and make it a square. Random.
        random_resized_crop_to: The side of that square in pixels.
        smallest_area: The smallest part, as a share of the image's area.
        largest_area: The largest part, as a share of the image's area.
        narrowest: The smallest width of the part, as a multiple of its height.
        widest: The largest width of the part, as a multiple of its height.
        random_crop: Cut out a square at a random place. An image that is smaller gets black margins. Random.
        random_crop_to: The side of that square in pixels.
    """

    random_resized_crop: bool = False
    random_resized_crop_to: Annotated[int, Title("Side of the resized crop"), Side, When("random_resized_crop", True)] = 256
    smallest_area: Annotated[float, Positive, When("random_resized_crop", True)] = 0.08
    largest_area: Annotated[float, Positive, When("random_resized_crop", True)] = 1.0
    narrowest: Annotated[float, Title("Narrowest shape"), Narrow, When("random_resized_crop", True)] = 0.75
    widest: Annotated[float, Title("Widest shape"), Wide, When("random_resized_crop", True)] = 1.3333
    random_crop: bool = False
    random_crop_to: Annotated[int, Title("Side of the random crop"), Side, When("random_crop", True)] = 224

    @property
    def steps(self) -> Steps:
        area, ratio = [self.smallest_area, self.largest_area], [self.narrowest, self.widest]
        return (
            *_step(self.random_resized_crop, "random_resized_crop", size=self.random_resized_crop_to, area=area, ratio=ratio),
            *_step(self.random_crop, "random_crop", size=self.random_crop_to),
        )


@dataclass(frozen=True)
class Flipping:
    """How sides are swapped at random.

    Args:
        random_horizontal_flip: Swap left and right. Not for texts and other images in which sides matter. Random.
        horizontal_flip_probability: The probability of it.
        random_vertical_flip: Swap top and bottom. Random.
        vertical_flip_probability: The probability of it.
    """

    random_horizontal_flip: bool = True
    horizontal_flip_probability: Annotated[float, Share, When("random_horizontal_flip", True)] = 0.5
    random_vertical_flip: bool = False
    vertical_flip_probability: Annotated[float, Share, When("random_vertical_flip", True)] = 0.5

    @property
    def steps(self) -> Steps:
        return (
            *_step(self.random_horizontal_flip, "random_horizontal_flip", probability=self.horizontal_flip_probability),
            *_step(self.random_vertical_flip, "random_vertical_flip", probability=self.vertical_flip_probability),
        )


@dataclass(frozen=True)
class Turning:
    """How images are turned and moved at random.

    Args:
        random_rotation: Turn the image about its middle. Random.
        rotation_degrees: The angle is drawn from − this to this.
        random_affine: Turn, shift, zoom and shear the image at once. Random.
        affine_degrees: The angle is drawn from − this to this.
        shift: The largest shift, as a share of the width and of the height.
        zoom: The image is scaled by a factor from 1 − this to 1 + this.
        shear: The largest angle of the shear along the width.
    """

    random_rotation: bool = False
    rotation_degrees: Annotated[float, Title("Most degrees of rotation"), Range(0, 180), When("random_rotation", True)] = 15.0
    random_affine: Annotated[bool, Title("Random affine transformation")] = False
    affine_degrees: Annotated[float, Title("Most degrees of the affine rotation"), Range(0, 180), When("random_affine", True)] = 15.0
    shift: Annotated[float, Title("Most shift"), Share, When("random_affine", True)] = 0.1
    zoom: Annotated[float, Title("Most zoom"), Range(0, 1, exclusive_max=True), When("random_affine", True)] = 0.1
    shear: Annotated[float, Title("Most degrees of shear"), Range(0, 45), When("random_affine", True)] = 0.0

    @property
    def steps(self) -> Steps:
        return (
            *_step(self.random_rotation, "random_rotation", degrees=self.rotation_degrees),
            *_step(self.random_affine, "random_affine", degrees=self.affine_degrees, shift=self.shift, zoom=self.zoom, shear=self.shear),
        )


@dataclass(frozen=True)
class Disturbing:
    """What is taken from images at random.

    Args:
        random_grayscale: Replace colours by their brightness. Random.
        grayscale_probability: The probability of it.
        random_perspective: Move each corner inwards, as if the image were seen from aside. Random.
        distortion: The farthest that a corner moves, as a share of half the width and half the height.
        perspective_probability: The probability of it.
        random_erasing: Paint a rectangle black, so that a model learns from all parts of an image. Random.
        erasing_probability: The probability of it.
        smallest_erased: The smallest rectangle, as a share of the image's area.
        largest_erased: The largest rectangle, as a share of the image's area.
    """

    random_grayscale: bool = False
    grayscale_probability: Annotated[float, Share, When("random_grayscale", True)] = 0.1
    random_perspective: bool = False
    distortion: Annotated[float, Share, When("random_perspective", True)] = 0.5
    perspective_probability: Annotated[float, Share, When("random_perspective", True)] = 0.5
    random_erasing: bool = False
    erasing_probability: Annotated[float, Share, When("random_erasing", True)] = 0.5
    smallest_erased: Annotated[float, Title("Smallest erased area"), Positive, When("random_erasing", True)] = 0.02
    largest_erased: Annotated[float, Title("Largest erased area"), Positive, When("random_erasing", True)] = 0.33

    @property
    def steps(self) -> Steps:
        area = [self.smallest_erased, self.largest_erased]
        return (
            *_step(self.random_grayscale, "random_grayscale", probability=self.grayscale_probability),
            *_step(self.random_perspective, "random_perspective", distortion=self.distortion, probability=self.perspective_probability),
            *_step(self.random_erasing, "random_erasing", probability=self.erasing_probability, area=area, ratio=[0.3, 3.3]),
        )


def _step(is_on: bool, name: str, **settings: Any) -> Steps:
    return ({OPERATION: name, **settings},) if is_on else ()
