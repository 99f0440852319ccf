"""Long runs, failing steps, and a web server that dies."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain
from tests.support.app_server import Person

PASS = "trial.pass_on"


def test_a_long_step_shows_its_progress_and_is_cancelled_at_once(canvas, page: Page) -> None:
    at = canvas(chain(("wait", "trial.wait", {"seconds": 20}), ("after", PASS, {})))
    at.run()
    at.expect_states(["wait"], "running")
    bar = at.card("wait").get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", re.compile("^[1-9]"))
    expect(at.card("wait")).to_contain_text(re.compile(r"\d\.\d\ss"))
    clicked = time.monotonic()
    page.get_by_role("button", name="Cancel").click()
    at.expect_states(["wait", "after"], "cancelled", patience=5_000)
    assert time.monotonic() - clicked < 5
    expect(page.get_by_test_id("run")).to_be_visible()


def test_the_log_is_written_while_the_step_runs(canvas, page: Page) -> None:
    at = canvas(chain(("wait", "trial.wait", {"seconds": 2, "deaf": False})))
    at.choose("wait")
    at.run()
    at.drawer.get_by_role("tab", name="Log").click()
    expect(at.drawer.get_by_role("log")).to_contain_text("waiting for 2")
    at.expect_finished(["wait"])


def test_a_failing_step_says_why_and_stops_what_comes_after(canvas, page: Page) -> None:
    at = canvas(chain(("fail", "trial.fail", {}), ("after", PASS, {})))
    at.run()
    at.expect_states(["fail"], "failed")
    at.expect_states(["after"], "skipped")
    at.card("fail").get_by_role("img", name="Failed").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("The step was told to fail.")
    at.choose("fail")
    expect(at.settings.get_by_role("alert")).to_contain_text("The step was told to fail. Choose another module.".split(". ")[0])
    expect(at.settings.get_by_text("Choose another module.")).to_be_visible()
    at.drawer.get_by_role("tab", name="Problems").click()
    expect(at.drawer.get_by_role("button", name="The step was told to fail.")).to_be_visible()


def test_a_step_that_dies_is_told_as_a_sentence(canvas) -> None:
    at = canvas(chain(("fail", "trial.fail", {"how": "die"})))
    at.run()
    at.expect_states(["fail"], "failed")
    at.choose("fail")
    expect(at.settings.get_by_role("alert")).to_contain_text(re.compile("[a-z]{3,} [a-z]{2,}.*\\."))


def test_edits_outlive_the_web_server(canvas, page: Page, person: Person) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {})))
    at.choose("one")
    at.setting("Mark").fill("41")
    at.expect_saved()
    os.kill(web_server(person), signal.SIGKILL)
    expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    at.choose("two")
    at.setting("Mark").fill("42")
    expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible(timeout=30_000)
    nodes = at.graph()["nodes"]
    assert (nodes["one"]["params"], nodes["two"]["params"]) == ({"mark": 41}, {"mark": 42})
    at.run()
    at.expect_finished(["source", "one", "two"])


def web_server(person: Person) -> int:
    """The process that serves pages: the supervisor's child whose command names the server."""
    children = Path(f"/proc/{person.supervisor}/task/{person.supervisor}/children").read_text().split()
    return next(int(child) for child in children if b"designer.site.server" in Path(f"/proc/{child}/cmdline").read_bytes())


def test_a_reused_result_keeps_its_warning_on_its_card_and_among_the_problems(canvas, page: Page) -> None:
    at = canvas(chain(("clean", "transform.clean_missing", {"columns": ["kind"]}), text="id,kind\n1,a\n2,\n"))
    warning = at.card("clean").get_by_role("button", name=re.compile("^1 warning: Missing texts are now “0” in “kind”"))
    at.run()
    at.expect_finished(["clean"])
    expect(warning).to_be_visible()
    at.run()
    at.expect_states(["clean"], "reused")
    expect(warning).to_be_visible()
    at.drawer.get_by_role("tab", name="Problems 1").click()
    expect(at.drawer.get_by_text("Missing texts are now “0”")).to_be_visible()
