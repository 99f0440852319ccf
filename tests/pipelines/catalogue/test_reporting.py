"""What running code says reaches whoever listens, and nobody else."""

import threading
from unittest.mock import Mock, call

from pipelines.catalogue.reporting import log, progress, reporting_to


def test_what_is_said_inside_is_heard():
    listener = Mock()
    with reporting_to(listener):
        progress(1, 2, "half")
        log("beware", "warning")
    assert listener.mock_calls == [call.progress(1, 2, "half"), call.log("beware", "warning")]


def test_the_inner_listener_hears_and_then_the_outer_again():
    outer, inner = Mock(), Mock()
    with reporting_to(outer):
        with reporting_to(inner):
            log("in")
        log("out")
    assert (outer.mock_calls, inner.mock_calls) == ([call.log("out", "info")], [call.log("in", "info")])


def test_a_faulty_step_does_not_leave_its_listener_behind():
    listener = Mock()
    try:
        with reporting_to(listener):
            raise ZeroDivisionError
    except ZeroDivisionError:
        log("to nobody")
    assert listener.mock_calls == []


def test_another_thread_does_not_speak_for_the_step():
    listener = Mock()
    with reporting_to(listener):
        thread = threading.Thread(target=log, args=("elsewhere",))
        thread.start()
        thread.join()
    assert listener.mock_calls == []


def test_figures_go_with_a_line_that_has_some():
    listener = Mock()
    with reporting_to(listener):
        log("epoch 1", figures={"loss": 0.5})
        log("epoch 2", figures={})
    assert listener.mock_calls == [call.log("epoch 1", "info", {"loss": 0.5}), call.log("epoch 2", "info")]
