"""The report of a trained image model: what it was trained on, and how loss and accuracy went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.catalogue.ports import Report
from pipelines.kinds.image_model import ImageModel
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modules.vision._training import Epoch, Labelled

WORDS = {"training": "Training", "validation": "Validation"}


def training_report(model: ImageModel, training: Labelled, validation: Labelled | None, epochs: Sequence[Epoch], best: int) -> Report:
    """Facts, the two courses, and the figures of each epoch."""
    weights = sum(values.size for values in model.network.arrays.values())
    height, width = model.size
    facts: list[list[Any]] = [["Network", model.network.name], ["Numbers in its weights", weights], ["Image size", f"{width} × {height}"]]
    facts += [["Classes", len(model.classes)], ["Training images", len(training.targets)]]
    facts += [["Validation images", len(validation.targets)]] if validation else []
    facts += [["Epochs trained", len(epochs)], ["Weights are those of epoch", best]]
    titles = ["Epoch", "Training loss", "Training accuracy", "Validation loss", "Validation accuracy"][: 5 if validation else 3]
    rows = [
        [at + 1, *(value for value in (epoch.training_loss, epoch.training_accuracy, epoch.validation_loss, epoch.validation_accuracy) if value is not None)]
        for at, epoch in enumerate(epochs)
    ]  # fmt: skip
    settings = [[name.replace("_", " ").capitalize(), "none" if value is None else value] for name, value in model.settings.items()]
    counts = [[name, int((training.targets == at).sum())] for at, name in enumerate(model.classes)]
    blocks = [
        table("Training", ["What", "Value"], facts),
        _course("Loss by epoch", "loss", epochs, best),
        _course("Accuracy by epoch", "accuracy", epochs, best),
        table("Epochs", titles, rows),
        table("Training images by class", ["Class", "Images"], counts),
        table("Settings", ["Setting", "Value"], settings),
    ]
    return Report(model.network.name, blocks)


def _course(title: str, of: str, epochs: Sequence[Epoch], best: int) -> Block:
    values = [
        {"epoch": at + 1, "value": value, "images": words}
        for at, epoch in enumerate(epochs)
        for name, words in WORDS.items()
        if (value := getattr(epoch, f"{name}_{of}")) is not None
    ]
    scale = {"domain": [0, 1]} if of == "accuracy" else {"zero": True}
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": len(epochs) <= 50, "tooltip": True},
        "encoding": {
            "x": {"field": "epoch", "type": "quantitative", "title": "Epoch", "axis": {"tickMinStep": 1}, "scale": {"zero": False}},
            "y": {"field": "value", "type": "quantitative", "title": of.capitalize(), "scale": scale},
            "color": {"field": "images", "type": "nominal", "title": "Images"},
        },
    }
    description = f"The mean {of} of the images after each epoch; the model has the weights of epoch {best}."
    return chart(title, of, description, spec)
