"""What pip's output comes to in a sentence."""

import pytest

from pipelines.execution.targets.pip import ONLY_WHEELS, Said

RETRY = "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(\"Connection refused\")': /simple/maps/"
NONE = "ERROR: Could not find a version that satisfies the requirement maps (from versions: none)"
FEW = "ERROR: Could not find a version that satisfies the requirement maps==9 (from versions: 1.0, 2.0)"
LAST = "ERROR: No matching distribution found for maps"
APART = [
    "ERROR: Cannot install maps==1.0 because these package versions have conflicting dependencies.",
    "The conflict is caused by:",
    "    maps 1.0 depends on numpy<1.5",
    "    The user requested (constraint) numpy==2.4.6",
    "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io",
]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([NONE, LAST], "There is no wheel of “maps” that"),
        ([FEW, LAST], "There is no wheel of “maps==9” that can be installed here. Versions: 1.0, 2.0."),
        ([RETRY, NONE, LAST], "The package index does not answer."),
        ([RETRY, FEW, LAST], "There is no wheel of “maps==9”"),  # it answered after all
        (APART, "The packages conflict: maps 1.0 depends on numpy<1.5; Easel itself has numpy==2.4.6."),
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], "The disk of the build is full"),
        (
            [f"ERROR: Could not install packages due to an OSError: {ONLY_WHEELS}"],
            "A listed package depends on a source package",
        ),
        (["ERROR: Something else", LAST], "Something else"),
        ([], "pip failed without a reason"),
    ],
)
def test_a_failure_is_one_sentence(lines, words):
    said = Said()
    for line in lines:
        said.hear(line)
    assert said.why().startswith(words)
    assert "\n" not in said.why()
