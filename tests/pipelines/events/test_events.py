"""The closed set of what a run says, as the API documents it."""

import pytest

from pipelines import events


def test_events_have_the_forms_of_the_contract():
    assert events.run(state="running") == {"type": "run", "run": {"state": "running"}}
    assert events.step("split", state="done", seconds=0.1) == {"type": "step", "node": "split", "step": {"state": "done", "seconds": 0.1}}
    assert events.progress("split", 3, 10, "fitting") == {"type": "progress", "node": "split", "done": 3, "total": 10, "words": "fitting"}
    assert events.log("split", "a line") == {"type": "log", "node": "split", "level": "info", "line": "a line"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain\ttext, ümläut, 漢字, 👍", "plain\ttext, ümläut, 漢字, 👍"),
        ("\x1b[31mred\x1b[0m and \x1b]0;title\x07back\x1b[2J", "red and back"),
        ("\r 10 %\r 50 %\r100 %", "100 %"),
        ("windows\r\nlines\r", "windows\nlines"),
        ("over\rwritten", "written"),
        ("bell\x07 nul\x00 lone\x1b", "bell\\u0007 nul\\u0000 lone\\u001b"),
        ("user\u202etxt.exe\u2066", "user\\u202etxt.exe\\u2066"),
    ],
)
def test_what_a_step_says_reads_the_same_everywhere(said, shown):
    assert events.log("n", said)["line"] == events.progress("n", 1, 2, said)["words"] == shown
