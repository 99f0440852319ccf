"""The compiled filter. That it refuses what it should is shown by the attempts to escape (tests/security)."""

import pyseccomp
import pytest

from pipelines.execution.targets.syscalls import DENIED, NEW_NAMESPACES, program


def test_it_is_a_program_of_the_kernels():
    assert len(program()) > 100 and len(program()) % 8 == 0


@pytest.mark.parametrize("name", DENIED)
def test_every_call_that_it_names_is_there(name):
    assert pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) is not None


def test_every_kind_of_namespace_is_meant():
    new = {"time": 0x80, "mount": 0x20000, "cgroup": 0x2000000, "uts": 0x4000000, "ipc": 0x8000000, "user": 0x10000000}
    assert sum(new.values()) + 0x20000000 + 0x40000000 == NEW_NAMESPACES  # and process and network
