"""Attempts to take more than the place gives, or to outlive it."""

from tests.security.attempt import Attempt

MIB = 1024**2
SOON = {"seconds": 3.0}
LITTLE = {"memory_bytes": 400 * MIB}
ENOUGH_TO_FORK = {"seconds": 5.0}

MUCH = [
    Attempt(
        "a fork bomb",
        "def attempt():\n    while True:\n        try:\n            os.fork()\n        except OSError:\n            pass",
        ("too_many_processes", "out_of_memory", "took_too_long"),
        ENOUGH_TO_FORK,
    ),
    Attempt(
        "many processes",
        "def attempt():\n    for _ in range(300):\n        if not os.fork():\n            time.sleep(60)\n    time.sleep(60)",
        ("too_many_processes", "took_too_long"),
        ENOUGH_TO_FORK,
    ),
    Attempt(
        "many threads",
        "def attempt():\n    for _ in range(3000):\n        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    time.sleep(60)",
        ("", "out_of_memory", "took_too_long", "ended_early", "unexpected_error"),
        {**SOON, **LITTLE},
    ),
    Attempt(
        "a memory bomb",
        "def attempt():\n    kept = []\n    while True:\n        kept.append(bytes(bytearray(b'x' * 50_000_000)))",
        ("out_of_memory", "ended_early"),
        LITTLE,
    ),
    Attempt("all the memory at once", "def attempt():\n    return len(bytes(10**12))"),
    Attempt(
        "memory shared among children",
        "def attempt():\n    for _ in range(10):\n        if not os.fork():\n            kept = b'x' * 100_000_000\n            time.sleep(60)\n    time.sleep(60)",
        ("out_of_memory", "ended_early"),
        {**LITTLE, "seconds": 10.0},
    ),
    Attempt(
        "memory mapped and shared",
        "def attempt():\n    held = mmap.mmap(-1, 2 * 10**9)\n    for at in range(0, 2 * 10**9, 4096):\n        held[at] = 1",
        ("out_of_memory", "ended_early"),
        LITTLE,
    ),
    Attempt("memory in a file without a place", "def attempt():\n    return os.memfd_create('mine')", only="sandbox"),
    Attempt("memory of the older kind", "def attempt():\n    return call('shmget', 0, 10**9, 0o1600)", only="sandbox"),
    Attempt("memory in messages", "def attempt():\n    return call('msgget', 0, 0o1600)", only="sandbox"),
    Attempt(
        "memory in /dev/shm",
        "def attempt():\n    with open('/dev/shm/mine', 'wb') as file:\n        while True:\n            file.write(bytes(10**7))",
        ("", "out_of_memory"),
    ),
    Attempt(
        "a disk bomb in /tmp",
        "def attempt():\n    with open('/tmp/mine', 'wb') as file:\n        while True:\n            file.write(bytes(10**7))",
        ("", "out_of_memory"),
        LITTLE,
    ),
    Attempt(
        "a disk bomb in the outputs",
        "def attempt():\n    with open('/job/outputs/mine', 'wb') as file:\n        while True:\n            file.write(bytes(10**7))",
        ("", "disk_full"),
        {"disk_bytes": 60 * MIB},
    ),
    Attempt(
        "a disk bomb of many files",
        "def attempt():\n    for name in range(100):\n        open(f'/job/outputs/{name}', 'wb').write(bytes(10**7))\n        time.sleep(0.1)",
        ("disk_full",),
        {"disk_bytes": 60 * MIB},
    ),
    Attempt(
        "a disk bomb of files without names",
        "def attempt():\n    kept = []\n    for name in range(100):\n        kept.append(open(f'/job/outputs/{name}', 'wb'))\n        os.unlink(f'/job/outputs/{name}')\n        kept[-1].write(bytes(10**7))\n        kept[-1].flush()\n        time.sleep(0.1)",
        ("disk_full",),
        {"disk_bytes": 60 * MIB},
        only="sandbox",
    ),
    Attempt(
        "a million files",
        "def attempt():\n    for name in range(10**6):\n        open(f'/job/outputs/{name}', 'w').close()",
        ("disk_full",),
    ),
    Attempt("a log bomb", "def attempt():\n    for _ in range(300_000):\n        print('x' * 1000)", alone=True),
    Attempt("a line without end", "def attempt():\n    for _ in range(10**5):\n        print('x' * 1000, end='')", alone=True),
    Attempt("a flood on standard error", "def attempt():\n    while True:\n        os.write(2, b'x' * 65536)", ("took_too_long",), SOON),
    Attempt(
        "a file descriptor bomb",
        "def attempt():\n    kept = []\n    while True:\n        kept.append(os.open('/dev/null', 0))",
        ("", "unexpected_error"),
    ),
    Attempt(
        "a pipe bomb",
        "def attempt():\n    kept = []\n    while True:\n        kept.append(os.pipe())\n        os.set_blocking(kept[-1][1], False)\n        os.write(kept[-1][1], bytes(65536))",
        ("", "unexpected_error"),
    ),
]

STAYING = [
    Attempt("a loop", "def attempt():\n    while True:\n        pass", ("took_too_long",), SOON),
    Attempt(
        "a loop that holds the interpreter", "def attempt():\n    import re\n    re.match('(a+)+b', 'a' * 60)", ("took_too_long",), SOON
    ),
    Attempt(
        "ignoring signals",
        "def attempt():\n    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:\n        signal.signal(number, signal.SIG_IGN)\n    while True:\n        time.sleep(1)",
        ("took_too_long",),
        SOON,
    ),
    Attempt("a stopped process", "def attempt():\n    os.kill(os.getpid(), signal.SIGSTOP)", ("took_too_long",), SOON),
    Attempt(
        "a daemon",
        "def attempt():\n    if not os.fork():\n        os.setsid()\n        if not os.fork():\n            os.close(1)\n            os.close(2)\n            time.sleep(600)\n        os._exit(0)",
    ),
    Attempt(
        "a child in a group of its own",
        "def attempt():\n    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)",
    ),
    Attempt(
        "a child that forks faster than it is ended",
        "def attempt():\n    if not os.fork():\n        while True:\n            if os.fork():\n                os._exit(0)",
        ("", "too_many_processes", "ended_early", "took_too_long"),
    ),
    Attempt("a crash with its memory on the disk", "def attempt():\n    os.chdir('/job/outputs')\n    os.abort()", ("ended_early",)),
    Attempt("a crash by a wrong address", "def attempt():\n    ctypes.string_at(0)", ("ended_early",)),
]

BOMBING = [*MUCH, *STAYING]
