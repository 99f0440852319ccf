"""Processes that score batches are killed: no scored batch is scored again, the scores are those of a calm run, and new rows alone are scored."""

import os
import signal
from contextlib import suppress

import pytest

from pipelines.procfs import family, name_of
from tests.support.app_server import easel
from tests.support.installation import wait_until
from tests.support.scoring import HOUSES, houses

pytestmark = [pytest.mark.processes, pytest.mark.slow]
ROWS = 8_000


def table_of(rows):
    return "size,rooms,town,note\n" + "".join(f"{at},{1 + at % 4},{'abc'[at % 3]},{'x' * (at % 5)}\n" for at in range(rows))


class Scoring:
    """A published pipeline that scores with a forest, which is not compiled: a batch takes a while."""

    def __init__(self, person, folder):
        self.person, self.folder = person, folder
        self.upload("houses", HOUSES)
        drawn = houses(learner="regression.decision_forest")
        drawn["nodes"]["data"] = {"module": "data.dataset", "params": {"dataset": "houses"}}
        pipeline = person.pipeline(drawn)
        assert person.run(pipeline)[1] == "done"
        (run,) = person.call("GET", f"/api/pipelines/{pipeline}/runs/")
        self.address = person.call("POST", "/api/published/", {"name": "houses", "scoring": {"run": run["id"]}})["address"]

    def upload(self, name, text):
        file = self.folder / f"{name}.csv"
        file.write_text(text)
        self.person.upload(file)

    def start(self, dataset):
        return self.person.call("POST", self.address, {"inputs": {"rows": {"dataset": dataset}}})

    def saved(self, run):
        def look():
            found = self.person.call("GET", run["follow"])
            return found if found["saved"] else None

        return wait_until(look, 240, every=0.25)

    def items(self, run):
        """The batches of a run that have ended: the fan-outs one after the other."""
        found, fan = {}, 0
        while True:
            page = self.person.call("GET", f"/api/runs/{run['id']}/steps/score/items/?fan={fan}&limit=500")
            if fan >= len(page["fans"]):
                return found
            ended = {item["key"]: item for item in page["items"] if item["state"] in ("done", "reused")}
            found, fan = found | ended, fan + 1


def test_of_batches_whose_processes_are_killed_no_scored_one_is_scored_again(tmp_path):
    with easel({"EASEL_MODULES": ""}) as person:
        scoring = Scoring(person, tmp_path)
        scoring.upload("many", table_of(ROWS))
        run = scoring.start("many")
        before = wait_until(lambda: len(found := scoring.items(run)) > 5 and found, 240)
        for pid in family(person.supervisor, 100):
            if name_of(pid).startswith("step"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        done = scoring.saved(run)
        assert done["state"] == "done" and done["results"][0]["rows"] == ROWS, done
        after = scoring.items(run)
        assert 5 < len(before) < len(after) and {key: after[key]["seconds"] for key in before} == {
            key: item["seconds"] for key, item in before.items()
        }, "a batch that is scored again takes other seconds"

        scoring.upload("more", table_of(ROWS + ROWS // 100))
        more = scoring.saved(scoring.start("more"))
        batches = scoring.items(more)
        new = sum(item["figures"]["rows"] for item in batches.values() if item["state"] == "done")
        assert more["state"] == "done" and ROWS // 100 <= new <= ROWS // 100 + 1_000, "one batch has at most 1,000 rows"
        rows = f"/api/datasets/{more['results'][0]['dataset']['id']}/rows/?limit=200&offset=5000&version="
        pages = [person.call("GET", rows + str(version)) for version in (1, 2)]
        assert pages[0]["rows"] == pages[1]["rows"] and more["results"][0]["dataset"]["version"] == 2
