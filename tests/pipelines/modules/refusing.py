"""Checks that a module refuses with a sentence."""

from typing import Any

import pytest

from pipelines.catalogue.errors import ModuleError
from tests.support.module_runner import run


def refuses(id: str, settings: dict[str, Any], code: str, **inputs: Any) -> ModuleError:
    """The refusal of a module; checks that it is a sentence with a way out."""
    with pytest.raises(ModuleError) as caught:
        run(id, settings, **inputs)
    assert caught.value.code == code
    assert caught.value.words[-1] in ".?" and caught.value.remedy
    return caught.value
