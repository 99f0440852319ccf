"""The oracle accepts a good run, and detects each kind of violation in a bad one."""

import copy
import random
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.drawing import draw
from tests.chaos.oracle import AGAIN, Call, Fault, RequestedRun, done_again, judge, read_calls, restarts

DRAWN = draw(random.Random(1), "f1", Path("calls"))


def at(second):
    return datetime.fromtimestamp(second, UTC).isoformat()


def good():
    """A run whose step n0 was lost once, to a fault at second 15."""
    events, calls, steps = [], defaultdict(list), {}

    def say(second, **event):
        events.append({"seq": len(events) + 1, "at": at(second), **event})

    def step(second, node, **patch):
        say(second, type="step", node=node, step=patch)

    say(0, type="run", run={"state": "running"})
    for node, total in DRAWN.totals.items():
        losses = int(node == "n0")
        if losses:
            step(10, node, state="running", attempt=1)
            calls["f1/n0"].append(Call("lost", 7, 11.0))
            say(18, type="log", node=node, line=f"It died. {AGAIN} (1 of 2).")
            step(18, node, state="ready")
        step(20, node, state="running", attempt=1 + losses)
        calls[f"f1/{node}"].append(Call(f"by-{node}", 8, 21.0, 22.0))
        step(30, node, state="done")
        steps[node] = {"node": node, "state": "done", "attempt": 1 + losses, "losses": losses, "reused": False, "error": None, "items": {},
                       "row": {"total": total, "call": f"by-{node}"}}  # fmt: skip
    say(31, type="run", run={"state": "done"})
    return {"state": "done", "last_event": len(events), "steps": steps, "events": events}, calls


FAULTS = [Fault(15.0, 15.0, frozenset([7]))]


def said(change, faults=FAULTS):
    audit, calls = copy.deepcopy(good())
    change(audit, calls)
    return judge(RequestedRun(DRAWN, "r"), audit, calls, faults)


def test_a_good_run_is_good():
    assert said(lambda audit, calls: None) == []


def drop_event(audit, calls):
    del audit["events"][3]


def another_total(audit, calls):
    audit["steps"]["all"]["row"]["total"] += 1


def late_writer(audit, calls):
    calls["f1/n0"][0].ended = 25.0
    audit["steps"]["n0"]["row"]["call"] = "lost"


def nobodys_result(audit, calls):
    audit["steps"]["n1"]["row"]["call"] = "nobody"


def open_item(audit, calls):
    audit["steps"]["n1"]["items"] = {"done": 3, "waiting": 1}


def item_again(audit, calls):
    calls["f1/n1#i4"] = [Call("a", 8, 21.0, 21.5), Call("b", 8, 22.0, 22.5)]


def done_twice(audit, calls):
    done = next(event for event in audit["events"] if event.get("node") == "n1" and event["step"]["state"] == "done")
    audit["events"].append({**done, "seq": len(audit["events"]) + 1})
    audit["last_event"] += 1


def skipped_attempt(audit, calls):
    audit["steps"]["n1"]["attempt"] = 2


def failed_for_no_reason(audit, calls):
    audit["state"] = "failed"
    audit["events"][-1]["run"]["state"] = "failed"


@pytest.mark.parametrize(
    "change",
    [
        drop_event,
        another_total,
        late_writer,
        nobodys_result,
        open_item,
        item_again,
        done_twice,
        skipped_attempt,
        failed_for_no_reason,
    ],
)
def test_each_wrong_is_found(change):
    assert said(change)


def test_a_loss_without_a_blow_is_found():
    assert said(lambda audit, calls: None, faults=[])
    assert said(lambda audit, calls: None, faults=[Fault(15.0, 15.0, loses=False)])


def test_finished_items_that_are_executed_again_are_added_up_by_process():
    calls = {
        "f1/n0#i1": [Call("a", 7, 10.0, 10.5), Call("b", 8, 12.0, 12.5)],
        "f1/n0#i2": [Call("c", 7, 10.5, 10.75), Call("d", 8, 12.5, 13.0)],
        "f1/n0#i3": [Call("e", 7, 10.75), Call("f", 8, 13.0, 14.0)],
        "f1/n1": [Call("g", 9, 10.0, 11.0), Call("h", 8, 12.0, 13.0)],
    }
    assert done_again(calls) == {7: 0.75}


def test_calls_are_read_and_restarts_measured(tmp_path):
    file = tmp_path / "calls"
    file.write_text("start f1/n0 a 7 10.0\nstart f1/n0 b 8 18.5\nend f1/n0 b 8 19.0\n")
    calls = read_calls(file)["f1/n0"]
    assert [(call.pid, call.ended) for call in calls] == [(7, None), (8, 19.0)]
    assert list(restarts(calls, FAULTS)) == [3.5]
    assert list(restarts(calls, [Fault(15.0, 15.0, frozenset([9]))])) == []
    assert list(restarts(calls, [*FAULTS, Fault(0.0, 16.0, loses=False, mutes=True), Fault(16.5, 17.0, loses=False, mutes=True)])) == [2.0]
