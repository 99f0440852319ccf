"""Where there is no Ray cluster, that is said; a real one is in tests/integration/test_ray.py."""

from __future__ import annotations

import threading

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.execution.targets import ray


def test_without_an_address_there_is_no_cluster(monkeypatch):
    monkeypatch.delenv("EASEL_RAY_ADDRESS", raising=False)
    with pytest.raises(ModuleError, match="has no Ray cluster") as wrong:
        ray._connected(threading.Event())
    assert wrong.value.code == "no_ray" and "EASEL_RAY_ADDRESS" in wrong.value.remedy


def test_without_its_extra_the_worker_says_what_to_install(monkeypatch):
    monkeypatch.setenv("EASEL_RAY_ADDRESS", "ray://127.0.0.1:1")
    monkeypatch.setattr(ray.extras, "is_installed", lambda library: False)
    with pytest.raises(ModuleError, match="extra “ray”") as wrong:
        ray._connected(threading.Event())
    assert wrong.value.remedy == "Install it with make run EXTRAS=ray."


def test_an_address_where_nothing_listens_is_refused_at_once():
    with pytest.raises(ConnectionRefusedError):
        ray._require_reachable("ray://127.0.0.1:1")


def test_the_cluster_gets_the_code_of_the_engine_and_of_further_modules(tmp_path):
    ray.copy_code(folder := tmp_path)
    assert (folder / "pipelines" / "execution" / "targets" / "batch.py").is_file()
    assert (folder / "tests" / "easel_modules" / "trial" / "spread.py").is_file()
    assert not list(folder.rglob("__pycache__"))
