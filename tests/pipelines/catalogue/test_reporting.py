"""What running code says reaches whoever listens, and nobody else."""

import threading
from unittest.mock import Mock, call

from pipelines.catalogue.reporting import heard_by, note, progress


def test_what_is_said_inside_is_heard():
    listener = Mock()
    with heard_by(listener):
        progress(1, 2, "half")
        note("beware", "warning")
    assert listener.mock_calls == [call.progress(1, 2, "half"), call.note("beware", "warning")]


def test_the_inner_listener_hears_and_then_the_outer_again():
    outer, inner = Mock(), Mock()
    with heard_by(outer):
        with heard_by(inner):
            note("in")
        note("out")
    assert (outer.mock_calls, inner.mock_calls) == ([call.note("out", "info")], [call.note("in", "info")])


def test_a_faulty_step_does_not_leave_its_listener_behind():
    listener = Mock()
    try:
        with heard_by(listener):
            raise ZeroDivisionError
    except ZeroDivisionError:
        note("to nobody")
    assert listener.mock_calls == []


def test_another_thread_does_not_speak_for_the_step():
    listener = Mock()
    with heard_by(listener):
        thread = threading.Thread(target=note, args=("elsewhere",))
        thread.start()
        thread.join()
    assert listener.mock_calls == []
