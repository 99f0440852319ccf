"""Attempts to read or write what is outside, or to speak with it."""

from tests.security.attempt import Attempt

READING = [
    Attempt("secrets in the environment", "def attempt():\n    return [v for v in os.environ.values() if WORLD['secret'] in v]", bare=True),
    Attempt(
        "the environment of every process there is",
        """
        def attempt():
            found = []
            for path in glob.glob("/proc/[0-9]*/environ"):
                try:
                    found += [path] if WORLD["secret"].encode() in open(path, "rb").read() else []
                except OSError:
                    pass
            return found
        """,
        bare=True,
    ),
    Attempt(
        "the memory of the worker",
        "def attempt():\n    return open(f\"/proc/{WORLD['worker']}/maps\").read() and open(f\"/proc/{WORLD['worker']}/mem\", 'rb')",
        bare=True,
    ),
    Attempt(
        "the first process's files",
        "def attempt():\n    return without(*(f\"/proc/1/{way}{WORLD['file']}\" for way in ('root', 'cwd/..', 'cwd/../..')))",
    ),
    Attempt("the machine's memory", "def attempt():\n    return [open(path, 'rb').read(1) for path in ('/proc/kcore', '/proc/kmsg')]"),
    Attempt(
        "the memory devices", "def attempt():\n    return [path for path in ('/dev/mem', '/dev/kmem', '/dev/port') if os.path.exists(path)]"
    ),
    Attempt("disks", "def attempt():\n    return glob.glob('/dev/[svn]d*') + glob.glob('/dev/vd*') + glob.glob('/dev/nvme*')"),
    Attempt("a file by its path", "def attempt():\n    return without(WORLD['file'])", bare=True),
    Attempt("a file through dots", "def attempt():\n    return without('/job/inputs/../../../../..' + WORLD['file'])"),
    Attempt("Easel's home and database", "def attempt():\n    return os.listdir(WORLD['home'])", bare=True),
    Attempt("somebody else's result in the store", "def attempt():\n    return without(WORLD['foreign'])", bare=True),
    Attempt("passwords of the machine", "def attempt():\n    return open('/etc/shadow').read()"),
    Attempt("homes of people", "def attempt():\n    return glob.glob('/home/*') + glob.glob('/root/.[!.]*') and without('/root/.bashrc')"),
    Attempt("shared memory of the outside", "def attempt():\n    return without('/dev/shm/' + WORLD['shared'])", bare=True),
    Attempt("other processes", "def attempt():\n    return [p for p in os.listdir('/proc') if p.isdigit() and int(p) > 50]", bare=True),
    Attempt(
        "file descriptors left open",
        """
        def attempt():
            links = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]
            return [link for link in links if link.startswith(("socket", "/")) and not link.startswith(("/dev/null", "/proc/", "/job", "/tmp"))]
        """,
    ),
    Attempt(
        "control groups",
        "def attempt():\n    return [open(path, 'w') for path in glob.glob('/sys/fs/cgroup/**/*release_agent', recursive=True)] or os.listdir('/sys/fs/cgroup')",
        only="sandbox",
    ),
]

WRITING = [
    Attempt(
        "a package of the environment",
        """
        def attempt():
            import maps
            assert maps.ANSWER == 42
            folder, gained = os.path.dirname(maps.__file__), []
            for what in (
                lambda: open(maps.__file__, "a"),
                lambda: open(folder + "/polars.py", "w"),
                lambda: os.mkdir(folder + "/__pycache__"),
                lambda: os.rename(maps.__file__, folder + "/other.py"),
                lambda: os.unlink(maps.__file__),
                lambda: os.utime(maps.__file__),
                lambda: os.link(maps.__file__, "/tmp/maps.py"),
                lambda: os.rename(folder, folder + "2"),
                lambda: call("mount", 0, folder.encode(), 0, 0x1020, 0),
            ):
                try:
                    what()
                    gained.append(1)
                except OSError:
                    pass
            return gained
        """,
        only="sandbox",
    ),
    Attempt("an input", "def attempt():\n    return [open(path, 'r+b').write(b'changed') for path in glob.glob('/job/inputs/*')]"),
    Attempt("an input's rights", "def attempt():\n    return [str(os.chmod(path, 0o777)) for path in glob.glob('/job/inputs/*')]"),
    Attempt("an input's time", "def attempt():\n    return [str(os.utime(path, (1, 1))) for path in glob.glob('/job/inputs/*')]"),
    Attempt(
        "an input through its open descriptor",
        """
        def attempt():
            with open(glob.glob("/job/inputs/*")[0], "rb") as file:
                return os.open(f"/proc/self/fd/{file.fileno()}", os.O_RDWR)
        """,
    ),
    Attempt("removing an input", "def attempt():\n    return [str(os.unlink(path)) for path in glob.glob('/job/inputs/*')]"),
    Attempt("the order itself", "def attempt():\n    return open('/job/job.json', 'a')"),
    Attempt("a file beside the job", "def attempt():\n    return open('/job/mine', 'w')"),
    Attempt("Easel's code", "import pipelines\ndef attempt():\n    return open(pipelines.__path__[0] + '/mine.py', 'w')"),
    Attempt("Python's libraries", "def attempt():\n    return open(os.path.dirname(pl.__file__) + '/../mine.pth', 'w')"),
    Attempt("the system", "def attempt():\n    return [open(place + '/mine', 'w') for place in ('/usr/bin', '/etc', '/', '/dev')]"),
    Attempt("where the kernel sends cores", "def attempt():\n    return open('/proc/sys/kernel/core_pattern', 'w')"),
    Attempt("the kernel's emergency key", "def attempt():\n    return open('/proc/sysrq-trigger', 'w')"),
    Attempt(
        "being spared when memory ends",
        "def attempt():\n    return open('/proc/self/oom_score_adj', 'w').write('-1000') and open('/proc/self/oom_score_adj').read().startswith('-')",
    ),
]

SPEAKING = [
    Attempt("a server on this machine", "def attempt():\n    return socket.create_connection(('127.0.0.1', WORLD['port']), 2)", bare=True),
    Attempt(
        "a datagram",
        "def attempt():\n    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    ),
    Attempt("a name server", "def attempt():\n    return socket.getaddrinfo('example.org', 80)"),
    Attempt(
        "the broker's socket file",
        "def attempt():\n    s = socket.socket(socket.AF_UNIX)\n    s.connect(WORLD['socket'])\n    return s",
        bare=True,
    ),
    Attempt(
        "an abstract socket",
        "def attempt():\n    s = socket.socket(socket.AF_UNIX)\n    s.connect('\\0' + WORLD['abstract'])\n    return s",
        bare=True,
    ),
    Attempt(
        "a socket of the container engine or the system",
        """
        def attempt():
            for path in ("/run/docker.sock", "/var/run/docker.sock", "/run/systemd/private", "/run/dbus/system_bus_socket"):
                if os.path.exists(path):
                    return path
        """,
    ),
    Attempt(
        "network cards",
        "def attempt():\n    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)\n    return [name for _, name in socket.if_nameindex() if name != 'lo']",
    ),
    Attempt(
        "raw packets",
        "def attempt():\n    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW) or socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    ),
    Attempt("the machine's hypervisor", "def attempt():\n    return socket.socket(40, socket.SOCK_STREAM)", only="sandbox"),
    Attempt(
        "the kernel's cipher sockets", "def attempt():\n    return socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)", only="sandbox"
    ),
    Attempt(
        "typing into a terminal",
        "def attempt():\n    return [str(fcntl.ioctl(fd, 0x5412, b'x')) for fd in (0, 1, 2)] + [open('/dev/tty')]",
    ),
]

REACHING = [*READING, *WRITING, *SPEAKING]
