"""A usable example of every module, built from what its ports and settings say they are.

Where these do not say enough, the module's own test adds what is missing: `EXAMPLE = Example({"fraction": 0.5})`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import Table, Transform
from pipelines.kinds.image_model import ImageModel
from pipelines.kinds.image_network import ImageNetwork
from pipelines.kinds.scoring_graph import ScoringFile
from pipelines.modelling.images.recipe import Recipe
from tests.support.graph_builder import document
from tests.support.module_runner import dataset, only, run
from tests.support.scoring import Trained

PIXELS = {
    "source": "pixels",
    "columns": ["length", "width", "height", "wheel-base"],
    "white": 250,
    "label": "make",
}  # images of 2 by 2 pixels
TEXT = "city,people,since,capital\nBern,134000,1191-01-01,true\nLyon,,1200-05-06,false\nOslo,709000,,true\n"


@dataclass(frozen=True)
class Example:
    """What a module's test adds: settings as JSON values, and functions that make the values of an input port."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Callable[[], list[Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Use:
    """Settings as JSON values, and what arrives at each input port."""

    settings: dict[str, Any]
    inputs: dict[str, list[Any]]


@cache
def cars() -> Table:
    """Some cars: numbers, texts, gaps, a date, a switch and a label."""
    frame = dataset("automobile_price").frame.filter(pl.col("price").is_not_null()).gather_every(3)
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 1, 1) + pl.duration(days=frame.height - 1))
    return Table(frame.with_columns(seen=days, diesel=pl.col("fuel-type") == "diesel"))


@cache
def trained(task: str = "regression") -> Any:
    learner, label = (
        ("regression.linear_regression", "price") if task == "regression" else ("classification.two_class_logistic_regression", "diesel")
    )
    return only("training.train_model", {"label": label}, untrained=only(learner), table=cars())


def scored() -> Table:
    """The cars with the predictions of a linear model."""
    return only("scoring.score_model", model=trained(), table=cars())


def image_model() -> ImageModel:
    """A network without weights, as a file of a model may hold it: torch is not needed to pass it on."""
    return ImageModel(ImageNetwork("Small Convolutional Network", "small", {"blocks": 2, "filters": 4}), ("a", "b"), Recipe(), (8, 8))


def _transform() -> Transform:
    return run("transform.normalize", table=cars())["transform"]


@cache
def scoring_graph() -> ScoringFile:
    """The scoring graph of a linear model of the cars, as an endpoint serves it."""
    nodes = {
        "data": "data.dataset",
        "learner": "regression.linear_regression",
        "train": ("training.train_model", {"label": "price"}),
        "score": "scoring.score_model",
    }
    edges = ("learner.model train.untrained", "data.table train.table", "train.model score.model", "data.table score.table")
    drawn = {"format": 1, "name": "Cars", **document(nodes, *edges)}
    model = trained()
    values = {
        "data": {"table": cars()},
        "learner": {"model": only("regression.linear_regression")},
        "train": {"model": model},
        "score": {"table": scored()},
    }
    with TemporaryDirectory() as folder:
        return ScoringFile(Trained(drawn, Path(folder), values=values).bundle)


MADE: dict[str, Callable[[], Any]] = {
    "table": cars,
    "model": trained,
    "transform": _transform,
    "scoring_graph": scoring_graph,
    "images": lambda: only("vision.convert_to_image_directory", PIXELS, table=cars()),
    "image_model": image_model,
    "image_network": lambda: only("vision.small_convolutional_network", {"blocks": 1}),
    "untrained_model": lambda: only("regression.linear_regression"),
}


@cache
def value_of(kind: str) -> Any:
    """A value of a port kind: where none is made above, what the example of the module gives that the kind names."""
    if kind in MADE:
        return MADE[kind]()
    module = catalogue().modules[kinds()[kind].example]
    use = example(module)
    made = run(module.id, use.settings, **use.inputs)
    return next(made[port.name] for port in module.outputs if port.kind == kind)


def example(module: Module) -> Use:
    """A small real use of a module."""
    own = _own(module)
    settings = {param.name: _value(param) for param in module.params if param.required and param.name not in own.settings} | {
        **own.settings
    }
    inputs = {port.name: [value_of(port.kind)] for port in module.inputs if not port.optional and port.name not in own.inputs}
    return Use(settings, inputs | {port: make() for port, make in own.inputs.items()})


def _own(module: Module) -> Example:
    """What the module's test adds."""
    if module.loads:
        return Example()
    shelf, _, name = module.id.partition(".")
    found = getattr(import_module(f"tests.pipelines.modules.{shelf}.test_{name}"), "EXAMPLE", Example())
    assert isinstance(found, Example)
    return found


def _value(param: Param) -> Any:
    match param.kind:
        case ParamKind.COLUMN:
            return "price"
        case ParamKind.COLUMNS:
            return ["make"]
        case ParamKind.DATASET:
            return "automobile_price"
        case ParamKind.TEXT | ParamKind.MULTILINE:
            return TEXT
        case ParamKind.CODE:
            return "price"
    raise NotImplementedError(f"an example value for a required setting of kind {param.kind}")
