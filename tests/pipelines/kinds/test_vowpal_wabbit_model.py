"""Models of Vowpal Wabbit in files."""

import msgspec
import pytest

from pipelines.execution.codecs import load, save
from pipelines.execution.store import LocalStore
from pipelines.kinds.vowpal_wabbit_model import KIND, VowpalWabbitModel

MODEL = VowpalWabbitModel(b"\x00\xff", ("--l2", "1e-6"), "two_class", "y", (("x", "Float64"),), ("no", "yes"), True)


def test_a_model_comes_back_from_the_store(tmp_path):
    store = LocalStore(tmp_path)
    output = save(MODEL, store)
    assert output.kind == "vowpal_wabbit_model" and load(output, store) == MODEL
    assert save(MODEL, store).digest == output.digest


@pytest.mark.parametrize("content", [b"", b"VW", msgspec.msgpack.encode({"data": 1})])
def test_another_file_is_no_model(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(msgspec.MsgspecError):
        KIND.read(tmp_path / "file")
