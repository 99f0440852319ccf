"""What docs/how-to/back-up.md says, done: saved while a run goes on, all destroyed, restored; what was done is there, what ran goes on."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.designer.site.test_health import Web
from tests.support.graph_builder import TABLE, document
from tests.support.installation import ROOT, Home, LivingRun

PAGE = (ROOT / "docs" / "how-to" / "back-up.md").read_text()
BLOCKS = dict(re.findall(r"```bash (\S+)\n(.*?)```", PAGE, re.DOTALL))
ROWS = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": "z"}]


def waiting(marks, seconds):
    wait = ("trial.wait", {"seconds": seconds, "ledger": str(marks.path)})
    return document({"source": TABLE, "wait": wait, "after": "trial.pass_on"}, "source.table wait.table", "wait.table after.table")


def run_to_end(home, name):
    """The commands of a block."""
    assert len(BLOCKS[name].splitlines()) <= 5
    here = Path(home.env["EASEL_HOME"])
    env = {**home.env, "BACKUP": str(home.folder / "backup"), "STORE": str(here / "store")}
    env["DATABASE"] = env.get("EASEL_DATABASE_URL", "")  # it has no password
    subprocess.run(["bash", "-euo", "pipefail", "-c", BLOCKS[name]], cwd=ROOT, env=env, check=True)


def destroy(home):
    """Nothing is left but the backup and an empty database server."""
    if "EASEL_DATABASE_URL" in home.env:
        drop = "drop schema public cascade; create schema public"
        subprocess.run(["psql", "-q", home.env["EASEL_DATABASE_URL"], "-c", drop], check=True, capture_output=True)
    shutil.rmtree(home.env["EASEL_HOME"])


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(("team", "kind"), [(False, "sqlite"), (True, "postgresql")])
def test_everything_is_there_after_a_restore_and_what_ran_goes_on(team, kind):
    with Home(team=team) as home:
        worker = home.start_worker()
        done = home.run(document({"source": TABLE, "after": "trial.pass_on"}, "source.table after.table"))
        assert done.ended()["state"] == "done"
        marks = home.marks("in-flight")
        going = home.run(waiting(marks, 10))
        marks.started()
        run_to_end(home, f"back-up-{kind}")
        late = home.run(document({"source": TABLE}))
        late.ended()
        worker.end()
        home._hand.end()
        destroy(home)

        run_to_end(home, f"restore-{kind}")
        home.start_hand()
        assert done.look()["state"] == "done" and done.result("after") == ROWS
        assert going.look()["steps"]["wait"]["state"] == "running"
        home.start_worker(name="two")
        look = going.ended(60)
        assert look["state"] == "done" and look["steps"]["wait"]["attempt"] == 2 and going.result("after") == ROWS
        assert going.told("source").count("done") == 1
        again = LivingRun(home, home.run(document({"source": TABLE, "after": "trial.pass_on"}, "source.table after.table")).id).ended()
        assert all(step["reused"] for step in again["steps"].values())
        Web(home).becomes()


def test_no_command_shows_a_password():
    assert all("EASEL_DATABASE_URL" not in block for block in BLOCKS.values()), "command lines can be read by everybody on the machine"
