"""An outage costs one line in the log, and closes a socket so that its browser comes back."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from designer.http.outage_handling import OneLine, Outages


def test_refused_requests_are_a_line_each_too(caplog: Any) -> None:
    caplog.handler.addFilter(OneLine())
    fields = "&".join(f"f{number}=" for number in range(1001))
    Client().post("/sign-in", fields, content_type="application/x-www-form-urlencoded")
    (line,) = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert line.exc_info is None and "\n" not in line.getMessage()


def test_a_host_that_is_not_ours_is_a_line_that_names_it(caplog: Any) -> None:
    caplog.handler.addFilter(OneLine())
    assert Client(headers={"host": "elsewhere.example.org"}).get("/sign-in").status_code == 400
    (line,) = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert line.exc_info is None and "'elsewhere.example.org'" in line.getMessage()


@pytest.mark.parametrize("accepts", [False, True])
async def test_a_socket_is_closed_so_that_the_browser_comes_back(accepts: bool) -> None:
    said: list[dict[str, Any]] = []

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if accepts:
            await receive()
            await send({"type": "websocket.accept"})
        raise OperationalError("connection refused")

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await Outages(application)({"path": "/ws/runs/a/"}, receive, send)
    assert [message["type"] for message in said] == ["websocket.accept", "websocket.close"]
    assert (said[1]["code"], said[1]["reason"]) == (1013, "The database does not answer.")


async def test_other_faults_of_a_socket_go_on_to_the_log() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        await Outages(application)({"path": "/ws/runs/a/"}, None, None)
