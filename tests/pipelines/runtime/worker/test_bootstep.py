"""A Celery application is equipped so that its workers are Easel's."""

import os
import subprocess
import sys
from types import SimpleNamespace

import celery
import pytest
from celery.signals import beat_embedded_init, worker_init, worker_process_init

from designer.config.celery import app
from pipelines.runtime.worker import bootstep
from pipelines.runtime.worker.bootstep import HeartbeatStep, equip
from tests.support.installation import ROOT


def test_the_applications_workers_have_a_pulse():
    assert HeartbeatStep in app.steps["worker"]


def test_messages_are_json_and_no_results_are_kept():
    assert (app.conf.accept_content, app.conf.task_serializer, app.conf.task_ignore_result) == (["json"], "json", True)
    assert "pipelines.work" in app.tasks


def test_equipping_connects_warming_and_children():
    fresh = celery.Celery("fresh", set_as_current=False)
    equip(fresh)
    assert HeartbeatStep in fresh.steps["worker"]
    assert bootstep._warm_up in [receiver for _, receiver in worker_init.receivers]
    assert bootstep._set_up_child in [receiver for _, receiver in beat_embedded_init.receivers]
    assert bootstep._set_up_child in [receiver for _, receiver in worker_process_init.receivers]


START = """
import gc, sys
from designer.config.celery import app
app.loader.import_default_modules()
from pipelines.runtime.worker import bootstep
bootstep._warm_up()
gc.unfreeze()  # libraries in C report objects that are frozen at the end
unwanted = {"torch", "cupy", "dask", "designer.config.urls"}
print(sorted(set(bootstep.WARM) - sys.modules.keys()), sorted(unwanted & sys.modules.keys()))
"""


@pytest.mark.slow
def test_a_worker_that_starts_imports_what_steps_need_and_neither_views_nor_libraries_that_scikit_learn_adapts_to(tmp_path):
    """Whether these are installed or not: here they are modules that are found."""
    for name in ("torch", "cupy", "dask"):
        (tmp_path / f"{name}.py").touch()
    env = os.environ | {"EASEL_HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", START], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert said == "[] []\n"


def test_beat_has_the_store_cleaned_and_knows_all_its_tasks():
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "pipelines.clean" in asked
    assert asked - set(app.tasks) == set()


class Child:
    def __init__(self, pid, pool, falls=()):
        self._pid, self._pool, self._falls = pid, pool, falls

    @property
    def pid(self):
        self._pool[:] = [child for child in self._pool if child._pid not in self._falls]
        return self._pid


def test_no_child_is_passed_over_while_the_pool_takes_out_a_dead_one():
    children = []
    children += [Child(1, children), Child(2, children, falls={1}), Child(3, children)]
    assert bootstep.children_of(SimpleNamespace(_pool=children)) == [1, 2, 3]
