"""The class of Create Python Model gets nothing wherever it is run: where it is made, trained, opened and asked."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.targets import Job
from pipelines.graph.run_options import RunOptions
from tests.security.world import ENOUGH, a_world, execute

pytestmark = pytest.mark.processes
# At each place it tries to read a file of the outside and to leave a sign beside it; what it read would be predicted.
CODE = """
import os, pathlib
WORLD = {world!r}
def attempt(where):
    gained = 0.0
    try:
        gained += len(open(WORLD["file"]).read())
    except OSError:
        pass
    try:
        pathlib.Path(WORLD["file"] + "-" + where).touch()
        gained += 1
    except OSError:
        pass
    try:
        os.kill(WORLD["victim"], 9)
        gained += 1
    except OSError:
        pass
    return gained + any(WORLD["secret"] in value for value in os.environ.values())
def opened(gained):
    model = Model()
    model.gained = gained + attempt("opened")
    return model
MADE = attempt("made")
class Model:
    def fit(self, X, y):
        self.gained = MADE + attempt("fit")
    def predict(self, X):
        return [self.gained + attempt("predict")] * len(X)
    def __reduce__(self):
        return opened, (self.gained,)
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made


def job(world, id, settings, **inputs):
    module = catalogue().modules[id]
    step = Step("n0", module.id, module.settings(settings), {}, {}, RunOptions())
    return Job(step, module, {port: [value] for port, value in inputs.items()}, {}, world.store, replace(ENOUGH, memory_bytes=2 * 1024**3))


def test_it_gains_nothing_where_it_is_made_trained_opened_and_asked(world):
    table = save(Table(pl.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, 0.0, 1.0]})), world.store)
    here = Mock()
    steps = {}
    for id, settings, inputs in (
        ("script.python_model", {"code": CODE.format(world=world.facts)}, {}),
        ("training.train_model", {"label": "y"}, {"untrained": "script.python_model", "table": table}),
        ("scoring.score_model", {}, {"model": "training.train_model", "table": table}),
    ):
        given = {port: steps[value] if isinstance(value, str) else value for port, value in inputs.items()}
        outcome = execute(job(world, id, settings, **given), Mock(), here)
        assert outcome.problem is None, outcome
        steps[id] = next(iter(outcome.outputs.values()))
    assert steps["training.train_model"].by_code and steps["script.python_model"].by_code
    assert next(iter(outcome.values.values())).frame["Scored Labels"].to_list() == [0.0] * 3
    assert not here.called, "nothing ran in the worker"
    assert [path.name for path in Path(world.facts["home"]).iterdir()] == [Path(world.facts["file"]).name]
    assert world.victim.poll() is None and world.processes() == []
