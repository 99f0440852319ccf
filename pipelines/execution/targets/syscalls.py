"""System calls denied to a sandbox, as a seccomp filter for bubblewrap.

Namespaces and dropped capabilities block most of these already; a filter also keeps their code, and so its faults, out of reach.
"""

from __future__ import annotations

import errno
import os
import socket
from functools import cache

DENIED = """
mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr swapon swapoff quotactl quotactl_fd
ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise
bpf perf_event_open userfaultfd fanotify_init lookup_dcookie syslog acct
add_key request_key keyctl
unshare setns name_to_handle_at open_by_handle_at
kexec_load kexec_file_load init_module finit_module delete_module reboot
io_uring_setup io_uring_enter io_uring_register
settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
iopl ioperm modify_ldt vhangup nfsservctl move_pages migrate_pages
shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open memfd_create memfd_secret
""".split()  # the last line is memory that belongs to no process, invisible to the monitor
OPEN_TREE_ATTR = 467  # newer than some libseccomp versions
NEW_NAMESPACES = 0x7E020080  # all CLONE_NEW… flags
TYPES, CHARACTER, BLOCK = 0o170000, 0o020000, 0o060000
TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into another user's terminal
ANY_BITS = 0xFFFFFFFF


@cache
def program() -> bytes:
    """Return the compiled filter for this machine's processor; calls of other architectures kill the process.

    Raises:
        RuntimeError: When the library libseccomp is missing.
    """
    import pyseccomp as seccomp

    refuse = seccomp.ERRNO(errno.EPERM)
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    for name in (*DENIED, OPEN_TREE_ATTR):
        rules.add_rule(refuse, name)
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags are in memory, invisible to a filter; libraries fall back to clone
    for bit in (1 << place for place in range(32) if NEW_NAMESPACES >> place & 1):
        rules.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit))
    for request in TERMINAL_INPUT:
        rules.add_rule(refuse, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, ANY_BITS, request))
    for kind in (CHARACTER, BLOCK):
        rules.add_rule(refuse, "mknod", seccomp.Arg(1, seccomp.MASKED_EQ, TYPES, kind))
        rules.add_rule(refuse, "mknodat", seccomp.Arg(2, seccomp.MASKED_EQ, TYPES, kind))
    for compare, family in ((seccomp.LT, socket.AF_UNIX), (seccomp.GT, socket.AF_UNIX)):
        rules.add_rule(refuse, "socket", seccomp.Arg(0, compare, family))
    with open(os.memfd_create("seccomp"), "rb+") as file:  # noqa: PTH123  a descriptor has no path
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
