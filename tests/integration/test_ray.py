"""A Ray cluster of two nodes executes the items of fan-outs and searches: same results, logs, cancel and limits as in workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from pipelines.catalogue import extras
from pipelines.procfs import is_alive
from tests.support.graph_builder import TABLE, document
from tests.support.installation import Home, wait_until
from tests.support.ports import free_port

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.skipif(not extras.is_installed("ray"), reason="needs the extra ray")]
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "ray_client_server_port": int(sys.argv[1]), "include_dashboard": False, "object_store_memory": 10**8})
cluster.add_node(num_cpus=2, object_store_memory=10**8)
print("up", flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture(scope="module")
def address():
    port = free_port()
    env = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    cluster = subprocess.Popen(
        [sys.executable, "-c", CLUSTER, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    )
    try:
        assert any(line.strip() == "up" for line in cluster.stdout)
        yield f"ray://127.0.0.1:{port}"
    finally:
        cluster.stdin.close()
        cluster.wait(60)


@pytest.fixture(scope="module")
def home(address):
    with Home(env={"EASEL_RAY_ADDRESS": address}) as home:
        yield home


@pytest.fixture(scope="module")
def worker(home):
    return home.start_worker(concurrency=4)


def on_cluster(module, **settings):
    nodes = {"source": TABLE, "many": (f"trial.{module}", settings, {"target": "ray"}), "after": "trial.pass_on"}
    return document(nodes, "source.table many.table", "many.table after.table")


def test_items_are_executed_on_both_nodes_and_a_bad_one_fails_alone(home, worker):
    marks = home.marks("fan")
    run = home.run(on_cluster("spread", to=60, seconds=0.2, bad="n7", may_fail=1, ledger=str(marks.path)))
    look = run.ended(240)
    assert look["state"] == "done", look["steps"]["many"]
    rows = run.result("after")
    assert [row["square"] for row in rows] == [None if number == 7 else number**2 for number in range(60)]
    assert [row["blob"] for row in rows if row["failure"]] == [""] and rows[8]["blob"] == "8"
    pids = {pid for _, pid in marks.read()}
    assert len(pids) > 2, "two nodes have two processors each"
    assert not any(pid in worker.pids for pid in pids)


def test_a_search_asks_in_the_worker_and_executes_on_the_cluster(home, worker):
    run = home.run(on_cluster("seek", trials=20, wave=4))
    assert run.ended(240)["state"] == "done"
    assert [row["key"] for row in run.result("after")] == [f"t{number}" for number in range(20)]


def test_a_process_of_the_cluster_that_dies_costs_only_the_item_that_kills_it(home, worker):
    run = home.run(on_cluster("spread", to=20, deadly="n13", may_fail=1))
    look = run.ended(240)
    assert look["state"] == "done", look["steps"]["many"]
    assert [row["key"] for row in run.result("after") if row["failure"]] == ["n13"]


def test_cancelling_ends_the_items_on_the_cluster(home, worker):
    marks = home.marks("long")
    run = home.run(on_cluster("spread", to=4, seconds=60.0, ledger=str(marks.path)))
    wait_until(lambda: len(marks.read()) >= 2, 240)
    run.cancel()
    assert run.ended(10)["state"] == "cancelled"
    wait_until(lambda: not any(is_alive(pid) for _, pid in marks.read()), 10)


def test_a_worker_that_dies_loses_no_item(home, worker):
    marks = home.marks("killed")
    run = home.run(on_cluster("spread", to=40, seconds=0.25, ledger=str(marks.path)))  # items of another length than above: none is known
    wait_until(lambda: len(marks.read()) > 8, 240)
    for pid in worker.pids[2:4]:
        os.kill(pid, signal.SIGKILL)
    look = run.ended(240)
    assert look["state"] == "done", look["steps"]["many"]
    assert [row["square"] for row in run.result("after")] == [number**2 for number in range(40)]


def test_a_cluster_that_is_not_there_is_said():
    with Home(env={"EASEL_RAY_ADDRESS": "ray://127.0.0.1:1"}) as home:
        home.start_worker(concurrency=1)
        started = time.monotonic()
        look = home.run(on_cluster("spread", to=2)).ended(240)
        error = look["steps"]["many"]["error"]
        assert look["state"] == "failed" and error["code"] == "no_ray" and "does not answer" in error["words"], time.monotonic() - started
