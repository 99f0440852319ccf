"""Every line of the log tells what it is about."""

import io
import json
import logging
import logging.config
import threading

import pytest
from django.conf import settings

from pipelines.runtime.telemetry import log_context as context
from pipelines.runtime.telemetry.log_context import add_context, log_context


@pytest.fixture
def written(request):
    """What a logger with the settings' filter and a formatter of theirs writes."""
    stream = io.StringIO()
    parts = {key: settings.LOGGING[key] for key in ("version", "filters", "formatters")}
    handler = {"class": "logging.StreamHandler", "stream": stream, "formatter": request.param, "filters": ["facts"]}
    loggers = {"trial": {"handlers": ["it"], "level": "INFO", "propagate": False}}
    logging.config.dictConfig(
        {**parts, "incremental": False, "disable_existing_loggers": False, "handlers": {"it": handler}, "loggers": loggers}
    )
    return stream


log = logging.getLogger("trial")
as_json = pytest.mark.parametrize("written", ["json"], indirect=True)
as_text = pytest.mark.parametrize("written", ["plain"], indirect=True)


def lines(written):
    return [json.loads(line) for line in written.getvalue().splitlines()]


@as_json
def test_a_record_is_a_line_of_json_with_its_facts(written):
    with log_context(run="r1", node="train"), log_context(request_id="q"):
        add_context(workspace="w1")
        log.warning("careful %s", "now", extra={"node": "other"})
    log.info("after")
    inside, after = lines(written)
    assert {key: inside[key] for key in ("message", "level", "logger", "run", "node", "workspace", "request_id")} == {
        "message": "careful now", "level": "WARNING", "logger": "trial", "run": "r1", "node": "other", "workspace": "w1", "request_id": "q",
    }  # fmt: skip
    assert after.keys() == {"at", "level", "logger", "message", "process"}


@as_json
def test_an_exception_stays_on_its_line(written):
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("oh")
    (line,) = lines(written)
    assert "ValueError: two\nlines" in line["exc_info"]


@as_json
def test_the_facts_of_one_thread_are_not_anothers(written):
    with log_context(run="r1"):
        other = threading.Thread(target=lambda: log.info("elsewhere"))
        other.start()
        other.join()
    assert "run" not in lines(written)[0]


@as_json
def test_a_process_may_have_facts_of_its_own(written, monkeypatch):
    monkeypatch.setattr(context, "_process_context", {})
    context.set_process_context(worker="one@here")
    log.info("hello")
    assert lines(written)[0]["worker"] == "one@here"


@as_text
def test_people_read_the_facts_behind_the_words(written):
    with log_context(run="r1", node="train"):
        log.info("hello")
    log.info("bare")
    with_facts, bare = written.getvalue().splitlines()
    assert with_facts.endswith("INFO trial: hello [run=r1 node=train]") and bare.endswith("INFO trial: bare")
