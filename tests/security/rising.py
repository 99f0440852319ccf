"""Attempts to gain rights, or a say over other processes and the kernel."""

from tests.security.attempt import Attempt

NOTHING = "ctypes.c_char_p(None)"


def calls(name: str, *arguments: str) -> str:
    """An attempt that is a single system call."""
    return f"def attempt():\n    return call({', '.join([repr(name), *arguments])})"


RISING = [
    Attempt("mounting", calls("mount", "b'none'", "b'/tmp'", "b'tmpfs'", "0", NOTHING)),
    Attempt("mounting what is read-only anew", calls("mount", "b'none'", "b'/usr'", NOTHING, "32 | 4096", NOTHING)),
    Attempt("unmounting", calls("umount2", "b'/job'", "2")),
    Attempt("the new ways of mounting", calls("fsopen", "b'tmpfs'", "0")),
    Attempt("another root by a tree of mounts", calls("open_tree", "-100", "b'/'", "1")),
    Attempt("changing the root", calls("chroot", "b'/tmp'")),
    Attempt("swapping the root", calls("pivot_root", "b'/tmp'", "b'/tmp'")),
    Attempt("a user namespace of its own", calls("unshare", "0x10000000")),
    Attempt("a network namespace of its own", calls("unshare", "0x40000000")),
    Attempt("a child in a user namespace", calls("clone", "0x10000000 | 17", "0", "0", "0", "0")),
    Attempt("a child by the newer call", "def attempt():\n    return call('clone3', struct.pack('11Q', 0x10000000, *[0] * 10), 88)"),
    Attempt(
        "joining the first process's namespaces", "def attempt():\n    return call('setns', os.open('/proc/1/ns/mnt', os.O_RDONLY), 0)"
    ),
    Attempt("files by their handles", calls("open_by_handle_at", "-100", "b'\\0' * 100", "0")),
    Attempt("debugging the first process", calls("ptrace", "16", "1", "0", "0")),
    Attempt(
        "debugging a sibling",
        "def attempt():\n    child = subprocess.Popen(['/bin/sleep' if os.path.exists('/bin/sleep') else sys.executable, '30'])\n    return call('ptrace', 16, child.pid, 0, 0)",
        only="sandbox",
    ),
    Attempt(
        "reading another's memory",
        """
        def attempt():
            mine = ctypes.create_string_buffer(8)
            to = struct.pack("PN", ctypes.addressof(mine), 8)
            return call("process_vm_readv", 1, to, 1, struct.pack("PN", 0x400000, 8), 1, 0)
        """,
    ),
    Attempt("taking another's file descriptor", "def attempt():\n    return call('pidfd_getfd', os.pidfd_open(1), 0, 0)"),
    Attempt("a signal to the worker", "def attempt():\n    os.kill(WORLD['worker'], 9)\n    return 'sent'"),
    Attempt("a signal to a process of the outside", "def attempt():\n    os.kill(WORLD['victim'], 9)\n    return 'sent'"),
    Attempt(
        "a signal to everybody",
        "def attempt():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    os.kill(-1, signal.SIGTERM)",
        alone=True,
    ),
    Attempt("ending the first process", "def attempt():\n    os.kill(1, signal.SIGKILL)\n    time.sleep(0.1)"),
    Attempt("becoming root", "def attempt():\n    os.setuid(0)\n    return os.getuid() == 0"),
    Attempt(
        "all rights", "def attempt():\n    return call('capset', struct.pack('Ii', 0x20080522, 0), struct.pack('6I', *[0xFFFFFFFF] * 6))"
    ),
    Attempt(
        "programs that run as root",
        """
        def attempt():
            status = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
            return status["NoNewPrivs"] != "1" or int(status["CapEff"], 16) or int(status["CapBnd"], 16)
        """,
    ),
    Attempt(
        "a program made to run as root",
        """
        def attempt():
            for folder in ("/tmp", "/job/outputs"):
                shutil.copy(sys.executable, folder + "/root")
                os.chown(folder + "/root", 0, 0)
                os.chmod(folder + "/root", 0o6755)
                return subprocess.run([folder + "/root", "-c", "import os; os.setuid(0)"]).returncode == 0
        """,
    ),
    Attempt(
        "a device of the memory",
        "def attempt():\n    os.mknod('/tmp/mem', stat.S_IFCHR | 0o666, os.makedev(1, 1))\n    return open('/tmp/mem', 'rb')",
    ),
    Attempt(
        "a device of a disk",
        "def attempt():\n    os.mknod('/job/outputs/disk', stat.S_IFBLK | 0o666, os.makedev(254, 0))\n    return 'made'",
    ),
    Attempt("programs in the kernel", calls("bpf", "0", "b'\\0' * 128", "128")),
    Attempt("measuring the kernel", calls("perf_event_open", "struct.pack('II', 1, 128) + b'\\0' * 120", "0", "-1", "-1", "0")),
    Attempt("the keyring", calls("keyctl", "0", "-3", "1")),
    Attempt("a key", calls("add_key", "b'user'", "b'mine'", "b'x'", "1", "-3")),
    Attempt("handling page faults", calls("userfaultfd", "0")),
    Attempt("asynchronous calls past the filter", calls("io_uring_setup", "8", "b'\\0' * 120")),
    Attempt("another kernel", calls("kexec_load", "0", "0", "0", "0")),
    Attempt("a module of the kernel", calls("init_module", "b'x'", "1", "b''")),
    Attempt("restarting the machine", calls("reboot", "0xFEE1DEAD", "672274793", "0x89ABCDEF", "0")),  # only allows Ctrl-Alt-Del
    Attempt("the clock", "def attempt():\n    return time.clock_settime(time.CLOCK_REALTIME, time.time()) or 'set'"),
    Attempt("the machine's name", "def attempt():\n    return socket.sethostname('mine') or 'set'"),
    Attempt("before all others", "def attempt():\n    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))\n    return 'first'"),
    Attempt("more than its share", "def attempt():\n    os.setpriority(os.PRIO_PROCESS, 0, -10)\n    return 'sooner'"),
    Attempt("higher limits", "def attempt():\n    resource.setrlimit(resource.RLIMIT_NOFILE, (10**6, 10**6))\n    return 'raised'"),
    Attempt(
        "calls of the older processor",
        """
        def attempt():
            code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            code.write(bytes.fromhex("b814000000cd80c3"))  # getpid of 32 bits
            function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
            return function() > 0 and "called"
        """,
        ends=("ended_early",),
        only="sandbox",
    ),
]
