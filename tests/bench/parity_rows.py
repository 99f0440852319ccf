"""The held-out rows of endpoints as requests give them, and what Score Model gave for them: `python -m tests.bench.parity_rows ENDPOINT ...` on EASEL_HOME.

Prints a line of JSON for each endpoint. All rows that the run scored are looked up in the data that the run read, and not only those of the proof.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from designer.endpoints.models import EndpointVersion  # noqa: E402
from designer.endpoints.publishing import find  # noqa: E402
from pipelines import flow  # noqa: E402
from pipelines.models import Run  # noqa: E402
from pipelines.runtime.queries.scoring import RunResults  # noqa: E402
from pipelines.serving.bundle import read_bundle  # noqa: E402
from pipelines.serving.graph import end_of  # noqa: E402
from pipelines.serving.matching import held_out  # noqa: E402
from pipelines.serving.scorer import Scorer  # noqa: E402

CONTENT = {"number": "FP64", "integer": "INT64", "boolean": "BOOL"}  # others are BYTES in the protocol


def rows_of(endpoint: str) -> dict[str, Any]:
    """The rows of the first version of an endpoint."""
    version = EndpointVersion.objects.get(endpoint=endpoint, number=1)
    run = Run.objects.get(pk=version.run)
    scorer = Scorer(read_bundle(flow.store(run.scope).path(version.bundle).read_bytes()), compiled=False)
    results = RunResults(run, find)
    scored, source = results.value(end_of(version.node)), results.value(scorer.scoring.request_end)
    rows, wanted, absent = held_out(scorer, scored, source, max(1, scored.frame.height))
    types = {column.name: CONTENT.get(column.type, "BYTES") for column in scorer.signature.inputs}
    return {"rows": rows, "wanted": wanted, "absent": absent, "types": types}


def main() -> None:
    """Print the rows of the endpoints that are named."""
    for endpoint in sys.argv[1:]:
        print(json.dumps(rows_of(endpoint)), flush=True)


if __name__ == "__main__":
    main()
