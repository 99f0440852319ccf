"""The training of a network: epochs of updates, each followed by a checkpoint from which a stopped step continues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.catalogue import checkpoint
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import percent
from pipelines.catalogue.reporting import log, progress
from pipelines.modules.vision._batches import Pixels, batch, batches
from pipelines.modules.vision._course import Asked, optimizer_of, rate_at

if TYPE_CHECKING:
    from torch.nn import Module


@dataclass(frozen=True)
class Labelled:
    """Images and the place of each one's class."""

    pixels: Pixels
    targets: np.ndarray


@dataclass(frozen=True)
class Epoch:
    """The figures of an epoch: means over its images, in training while the weights change."""

    training_loss: float
    training_accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None

    @property
    def loss(self) -> float:
        """The loss that tells which epoch is best."""
        return self.training_loss if self.validation_loss is None else self.validation_loss

    @property
    def words(self) -> str:
        """The figures in a clause."""
        said = f"training loss {self.training_loss:.4g}, accuracy {percent(self.training_accuracy)}"
        if self.validation_loss is None or self.validation_accuracy is None:
            return said
        return f"{said}; validation loss {self.validation_loss:.4g}, accuracy {percent(self.validation_accuracy)}"


@dataclass
class Training:
    """A training in progress. Nothing random is carried from one epoch to the next, so a checkpoint needs no state of a generator."""

    made: Module
    training: Labelled
    validation: Labelled | None
    asked: Asked
    epochs: list[Epoch] = field(default_factory=list)
    best: int = 0  # the epoch whose weights are kept, from 1
    best_weights: Mapping[str, Any] | None = None  # None where they are those of the last epoch

    def run(self) -> None:
        """Train until the last epoch, or until the validation loss no longer falls; the network then has the weights of the best epoch."""
        self.optimizer = optimizer_of(self.asked, self.made.parameters())
        self._continue()
        while len(self.epochs) < self.asked.epochs and not self._is_over():
            self._learn()
            checkpoint.keep(self._save)
        if self.best_weights is not None:
            self.made.load_state_dict(self.best_weights)

    def _is_over(self) -> bool:
        patience = self.asked.patience
        return self.validation is not None and patience is not None and len(self.epochs) - self.best >= patience

    def _learn(self) -> None:
        """Train one epoch, and judge it."""
        number = len(self.epochs)
        figures = self._update_all(number)
        if self.validation:
            figures |= dict(zip(("validation_loss", "validation_accuracy"), judge(self.made, self.validation), strict=True))
        epoch = Epoch(**figures)
        self.epochs.append(epoch)
        losses = {"Training loss": epoch.training_loss} | (
            {} if epoch.validation_loss is None else {"Validation loss": epoch.validation_loss}
        )
        log(f"Epoch {number + 1}: {epoch.words}.", figures=losses)
        if not self.best or epoch.loss < self.epochs[self.best - 1].loss or not self.validation:
            self.best = number + 1
            self.best_weights = {name: values.clone() for name, values in self.made.state_dict().items()} if self.validation else None

    def _update_all(self, number: int) -> dict[str, Any]:
        from torch.nn.functional import cross_entropy

        generator = np.random.Generator(np.random.PCG64([self.asked.seed, number]))
        many = len(self.training.targets)
        parts = batches(generator.permutation(many).tolist(), self.asked.batch_size)
        said = f", {self.epochs[-1].words}" if self.epochs else ""
        loss, right, done = 0.0, 0, 0
        self.made.train()
        for at, places in enumerate(parts):
            progress(number * many + done, self.asked.epochs * many, f"epoch {number + 1} of {self.asked.epochs}{said}")
            for group in self.optimizer.param_groups:
                group["lr"] = rate_at(self.asked, number * len(parts) + at, len(parts))
            targets = _targets(self.training, places)
            outputs = self.made(batch(self.training.pixels, places, generator))
            error = cross_entropy(outputs, targets)
            self.optimizer.zero_grad()
            error.backward()
            self.optimizer.step()
            loss += _finite(float(error.detach())) * len(places)
            right += int((outputs.argmax(1) == targets).sum())
            done += len(places)
        return {"training_loss": loss / many, "training_accuracy": right / many}

    def _save(self, file: Path) -> None:
        import torch

        state = {"model": self.made.state_dict(), "optimizer": self.optimizer.state_dict(), "best": self.best}
        torch.save(state | {"best_weights": self.best_weights, "epochs": [asdict(epoch) for epoch in self.epochs]}, file)

    def _continue(self) -> None:
        """Take up the training at its checkpoint, if there is one."""
        import torch

        if (file := checkpoint.kept()) is None:
            return
        try:
            state = torch.load(file, weights_only=True)
        except Exception:  # each way to be cut off by a power failure has an exception of its own
            return log("The checkpoint of an earlier attempt cannot be read; training starts again.", "warning")
        self.made.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.best, self.best_weights = state["best"], state["best_weights"]
        self.epochs = [Epoch(**figures) for figures in state["epochs"]]
        log(f"Continues after epoch {len(self.epochs)}, from the checkpoint of an attempt that was stopped.")


def judge(made: Module, of: Labelled, size: int = 64) -> tuple[float, float]:
    """Return mean loss and accuracy of a network that is not trained meanwhile."""
    import torch
    from torch.nn.functional import cross_entropy

    loss, right = 0.0, 0
    made.eval()
    with torch.inference_mode():
        for places in batches(range(len(of.targets)), size):
            targets, outputs = _targets(of, places), made(batch(of.pixels, places))
            loss += _finite(float(cross_entropy(outputs, targets, reduction="sum")))
            right += int((outputs.argmax(1) == targets).sum())
    return loss / len(of.targets), right / len(of.targets)


def _targets(of: Labelled, places: Any) -> Any:
    import torch

    return torch.from_numpy(of.targets[list(places)])


def _finite(loss: float) -> float:
    if not np.isfinite(loss):
        raise ModuleError(
            "diverged",
            "The loss became infinite or undefined: the updates are too large.",
            param="learning_rate",
            remedy="Choose a smaller learning rate, or some warm-up epochs.",
        )
    return loss
