"""A training of a network whose process is killed continues after its last epoch, and gives the bytes that it would have given; Cancel ends one in time."""

import os
import signal

import pytest

from pipelines.catalogue.extras import is_installed
from pipelines.procfs import name_of
from tests.support.graph_builder import document
from tests.support.installation import Home, wait_until
from tests.support.module_runner import dataset

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed("torch"), reason="the extra vision is not installed: make setup EXTRAS=vision"),
]
EPOCHS = 40


def training(epochs=EPOCHS):
    """Digits as images, and a network that takes a tenth of a second for each epoch."""
    nodes = {
        "source": ("data.enter_data", {"text": dataset("digits").frame[:200].write_csv()}),
        "images": ("vision.convert_to_image_directory", {"source": "pixels", "white": 16, "label": "digit"}),
        "network": ("vision.small_convolutional_network", {"filters": 24}),
        "train": ("vision.train_pytorch_model", {"epochs": epochs, "batch_size": 16, "threads": 1}),
    }
    return document(nodes, "source.table images.table", "network.network train.network", "images.images train.training")


def test_it_gives_the_same_bytes():
    with Home() as home:
        worker = home.start_worker(concurrency=1)
        run = home.run(training())

        def lines():
            return [event["line"] for event in home.ask("events", run=run.id) if event["type"] == "log" and event["node"] == "train"]

        wait_until(lambda: [line for line in lines() if line.startswith("Epoch 3")], 120)
        (busy,) = [pid for pid in worker.pids if name_of(pid).startswith("step")]
        os.kill(busy, signal.SIGKILL)
        killed = run.ended(120)
        said = [line for line in lines() if line.startswith(("Epoch", "Continues"))]
        (at,) = [place for place, line in enumerate(said) if line.startswith("Continues")]
        assert 3 <= at < EPOCHS, said
        after = int(said[at].removeprefix("Continues after epoch ").split(",")[0])
        assert [line.split(":")[0] for line in said[at + 1 :]] == [f"Epoch {number}" for number in range(after + 1, EPOCHS + 1)]
        through = home.run(training(), force=True).ended(120)
        assert (killed["steps"]["train"]["attempt"], through["steps"]["train"]["attempt"]) == (2, 1)
        assert killed["steps"]["train"]["outputs"] == through["steps"]["train"]["outputs"], "the digest is of all bytes"

        endless = home.run(training(10_000))
        wait_until(
            lambda: "progress" in {event["type"] for event in home.ask("events", run=endless.id) if event.get("node") == "train"}, 60
        )
        endless.cancel()
        assert endless.ended(5)["steps"]["train"]["state"] == "cancelled"
