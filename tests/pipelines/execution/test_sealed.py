"""Values that are loaded in a sandbox only."""

import msgspec
import pytest

from pipelines.execution.codecs import save
from pipelines.execution.sealed import is_sealed, sealed
from pipelines.execution.store import LocalStore
from tests.support.module_runner import run_graph
from tests.support.scoring import houses


def test_a_sealed_model_tells_its_label_and_features_and_is_not_loaded(tmp_path, monkeypatch):
    store = LocalStore(tmp_path)
    output = save(run_graph(houses())["train"]["model"], store)
    assert not is_sealed(output)
    closed = msgspec.structs.replace(output, by_code=True)
    assert is_sealed(closed)
    monkeypatch.setattr("pipelines.kinds.model._load_estimator", lambda _: pytest.fail("loaded"))
    found = sealed(closed, store.path(closed.digest))
    assert (found.label, [name for name, _ in found.features]) == ("price", ["size", "rooms", "town", "note"])
    assert found.output == closed and found.data == store.path(closed.digest).read_bytes()
    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", "1")
    assert not is_sealed(closed)
