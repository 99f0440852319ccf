"""The import contracts of pyproject.toml hold; CI runs this test, and not the linters."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_every_import_contract_holds():
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS
