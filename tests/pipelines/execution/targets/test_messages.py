"""What is heard, and what is not listened to."""

from unittest.mock import Mock, call

import msgspec
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Failure
from pipelines.execution.fan import BlobPlace, ItemEnd
from pipelines.execution.output import Output
from pipelines.execution.targets.messages import LONGEST_LINE, MOST_BYTES, Done, Ends, Failed, Note, Progress, listen
from pipelines.graph.problem import Problem

END = Done({"table": Output("table", "ab", 3)})


def lines(*messages):
    return b"".join(msgspec.json.encode(message) + b"\n" for message in messages)


def test_words_are_passed_on_until_the_end():
    listener = Mock()
    assert listen([lines(Progress(1, 2, "half"), Note("said", "info"), END, Note("too late", "info"))], listener, Mock()) == END
    assert listener.mock_calls == [call.progress(1, 2, "half"), call.log("said", "info")]


def test_ends_of_items_are_taken_as_they_come():
    taken = Mock()
    ends = [ItemEnd("a", {"score": 1}, None, 0.1, BlobPlace("ab", 0, 3)), ItemEnd("b", None, Failure("bad", "Bad."), 0.1)]
    assert listen([lines(Ends(ends), END)], Mock(), taken) == END
    taken.assert_called_once_with(ends)


def test_messages_come_in_any_pieces():
    said = lines(Note("é", "warning"), Failed(Problem("bad", "Bad.")))
    assert listen((said[i : i + 1] for i in range(len(said))), Mock(), Mock()) == Failed(Problem("bad", "Bad."))


def test_silence_is_no_end():
    assert listen([lines(Note("said", "info")), b'{"type"'], Mock(), Mock()) is None


@pytest.mark.parametrize("said", [b"hello\n", b"\xff\n", b"{}\n", b'{"type":"note","line":1,"level":"info"}\n', b"[" * 100_000 + b"\n"])
def test_what_is_no_message_ends_it(said):
    with pytest.raises(ModuleError) as caught:
        listen([said], Mock(), Mock())
    assert caught.value.code == "broken_message" and caught.value.remedy


@pytest.mark.parametrize("chunk", [b"x" * (LONGEST_LINE + 1), lines(Note("x" * 2000, "info")) * (MOST_BYTES // 2000)])
def test_too_much_is_not_listened_to(chunk):
    with pytest.raises(ModuleError) as caught:
        listen([chunk], Mock(), Mock())
    assert caught.value.code == "said_too_much" and caught.value.remedy
