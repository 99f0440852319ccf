"""Parameters of a script: arguments of the same names, checks and sentences."""

from __future__ import annotations

from argparse import ArgumentParser

import pytest

from pipelines.export.values import add_arguments, read

DECLARED = {
    "share": {"type": "number", "default": 0.5, "min": 0, "max": 1, "help": "100 % at most"},
    "name": {"type": "text", "default": "a"},
    "help": {"type": "boolean", "default": False},
    "must": {"type": "integer", "required": True},
}


def parsed(*arguments: str) -> dict[str, object]:
    parser = ArgumentParser(conflict_handler="resolve", exit_on_error=False)
    add_arguments(parser, DECLARED)
    return {name.removeprefix("parameter "): value for name, value in vars(parser.parse_args(list(arguments))).items()}


def test_values_have_the_type_of_their_parameter() -> None:
    assert parsed("--share", "0.7", "--name", "12", "--help", "true", "--must", "3") == {
        "share": 0.7,
        "name": "12",
        "help": True,
        "must": 3,
    }


@pytest.mark.parametrize(("arguments", "words"), [(("--share", "2"), "must be at most 1"), (("--share", "x"), "must be a number")])
def test_a_wrong_value_is_refused_with_the_name(arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((SystemExit, Exception)) as stopped:
        parsed(*arguments, "--must", "1")
    assert words in f"{stopped.value}{capsys.readouterr().err}" and "--share" in f"{stopped.value}{capsys.readouterr().err}--share"


def test_a_notebook_reads_values_with_the_same_sentences() -> None:
    assert vars(read(DECLARED, {"must": 1})) == {"share": 0.5, "name": "a", "help": False, "must": 1}
    with pytest.raises(ValueError, match="The parameter must needs a value"):
        read(DECLARED, {})
    with pytest.raises(ValueError, match="The parameter share must be at least 0"):
        read(DECLARED, {"must": 1, "share": -1})
