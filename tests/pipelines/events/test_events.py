"""The closed set of what a run says, as the API documents it."""

from pipelines import events


def test_events_have_the_forms_of_the_contract():
    assert events.run(state="running") == {"type": "run", "run": {"state": "running"}}
    assert events.step("split", state="done", seconds=0.1) == {"type": "step", "node": "split", "step": {"state": "done", "seconds": 0.1}}
    assert events.progress("split", 3, 10, "fitting") == {"type": "progress", "node": "split", "done": 3, "total": 10, "words": "fitting"}
    assert events.log("split", "a line") == {"type": "log", "node": "split", "level": "info", "line": "a line"}
