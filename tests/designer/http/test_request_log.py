"""Every request has an id and its line."""

import logging

import pytest
from django.test import Client

from designer.http import request_log
from pipelines.runtime.telemetry.log_context import Facts
from tests.support.graph_builder import chain
from tests.support.ledger_driver import start

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", ["abc-1", "", "no spaces", "x" * 65, "a\u00e9"])
def test_a_fit_id_is_kept_and_any_other_replaced(given):
    id = Client(headers={"X-Request-ID": given}).get("/sign-in").headers["X-Request-ID"]
    assert id == "abc-1" if given == "abc-1" else len(id) == 32


def test_a_request_is_a_line_and_knows_what_it_is_about(team, caplog):
    caplog.set_level(logging.INFO, request_log.log.name)
    caplog.handler.addFilter(Facts())
    run = start(chain(1), scope=team.workspace.pk)
    team.client("viewer").get(f"/api/runs/{run.id}/")
    line = next(line for line in caplog.records if line.name == request_log.log.name)
    assert line.getMessage() == f"GET /api/runs/{run.id}/: 200" and line.status == 200 and line.seconds > 0
    assert (line.run, line.workspace, len(line.request_id)) == (run.id, team.workspace.pk, 32)


def test_probes_make_no_noise(caplog):
    caplog.set_level(logging.INFO, request_log.log.name)
    Client().get("/health")
    assert not caplog.records


@pytest.mark.parametrize("path", ["/join/", "/sign-in/link/"])
def test_the_secret_of_a_link_is_not_logged(path, caplog):
    caplog.set_level(logging.INFO, request_log.log.name)
    Client().get(f"{path}s3cret?next=/")
    (line,) = caplog.records
    assert line.getMessage() == f"GET {path}…: 410"
