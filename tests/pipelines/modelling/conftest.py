"""Fixtures of the modules' tests, for what is tested through modules here."""

from tests.pipelines.modules.conftest import notes as notes
