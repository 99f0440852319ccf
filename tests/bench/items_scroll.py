"""Scrolling through 100,000 items in Chromium: frames a second, and what a frame takes of the main thread: `python -m tests.bench.items_scroll`."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import CDPSession

from tests.e2e.graphs import chain
from tests.support.app_server import Person, easel
from tests.support.chromium import chromium, window

ITEMS = 100_000
FRAMES = 200
FILL = """
import django; django.setup()
from pipelines.models import Fan, Item, Run
from tests.bench.items_page import make_items
run = Run.objects.get(pk="{run}")
Item.objects.filter(run=run).delete(), Fan.objects.filter(run=run).delete()
make_items({items}, run, "spread")
"""
# 90 pixels a frame, through rows that are not loaded yet.
SCROLL = """
(frames) => new Promise((resolve) => {
  const box = document.querySelector('[role=grid]')
  const started = performance.now()
  let left = frames
  const tick = () => {
    box.scrollTop += 90
    left -= 1
    if (left > 0) requestAnimationFrame(tick)
    else resolve(1000 * frames / (performance.now() - started))
  }
  requestAnimationFrame(tick)
})
"""


def measure(person: Person) -> dict[str, float]:
    """Fan out, replace the items by 100,000, and scroll through them."""
    pipeline = person.pipeline(chain(("spread", "trial.spread", {"to": 3})))
    person.run(pipeline)
    run = person.call("GET", f"/api/runs/?pipeline={pipeline}")[0]["id"]
    env = os.environ | {"EASEL_HOME": str(person.home), "DJANGO_SETTINGS_MODULE": "designer.config.settings"}
    subprocess.run([sys.executable, "-c", FILL.format(run=run, items=ITEMS)], env=env, check=True)
    with chromium() as browser:
        page = window(browser, person, width=1440, height=900).new_page()
        page.goto(f"{person.base}/runs/{run}?node=spread&view=items")
        page.get_by_role("grid", name="Items").and_(page.locator(f"[aria-rowcount='{ITEMS + 1}']")).wait_for()
        page.wait_for_load_state("networkidle")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _main_thread(session)
        rate = page.evaluate(SCROLL, FRAMES)
        return {"frames_per_second": rate, "main_thread_ms_per_frame": (_main_thread(session) - before) * 1000 / FRAMES}


def _main_thread(session: CDPSession) -> float:
    """Return the processor seconds of the page's main thread."""
    return float(next(each["value"] for each in session.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration"))


if __name__ == "__main__":
    with easel() as owner:
        print(measure(owner))
