"""A server of this machine that nothing may reach, and the ways in which its address is written."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

# Hosts that are this machine, a private network or a cloud's own address, in the spellings that some resolver or library takes.
HOSTS = (
    *("127.0.0.1", "127.0.0.1.", "127.000.000.001", "127.1", "127.0.1", "127.127.127.127", "127.255.255.254", "2130706433", "0x7f000001"),
    *("0x7f.0.0.1", "0x7f.1", "0x7F.0x0.0x0.0x1", "0177.0.0.1", "017700000001", "0177.1", "00000177.0.0.1", "0x7f.0.1", "0", "0.0.0.0"),
    *(
        "0x0",
        "00",
        "0.0",
        "127.0.0.1%00",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "127．0．0．1",
        "１２７.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
    ),
    *("ⓛocalhost", "localhost.localdomain", "ip6-localhost", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0xa9fea9fe"),
    *(
        "2852039166",
        "100.100.100.200",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.0.192",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]"),
    *("[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]", "[2001:0:53aa:64c::1]", "[fe80::1]", "[fe80::1%25lo]", "[::1%lo]"),
    *("[::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[127.0.0.1]", "[::1]."),
)
# Whole addresses in which programs disagree where the host is.
TRICKS = (
    *("http://example.org@{at}/", "http://{at}@example.org/", "http://example.org:80@{at}/", "http://a:b@{at}/", "http://@{at}/"),
    *("http://{at}\\@example.org/", "http://example.org\\@{at}/", "http://example.org#@{at}/", "http://{at}#@example.org/"),
    *("http://{at}?@example.org/", "http://{at}/?@example.org", "http:/\\{at}/", "http:{at}/", "http:/{at}/", "//{at}/", "http:///{at}/"),
    *("http://127.0.0.1\t:{port}/", "http://127.0.\n0.1:{port}/", "\thttp://{at}/", " http://{at}/", "http://127.0.0.1\r\n:{port}/"),
    *("HTTP://{at}/", "hTTps://{at}/", "ftp://{at}/", "gopher://{at}/", "dict://{at}/", "ldap://{at}/", "file://{at}/", "ws://{at}/"),
    *("http://example.org%40{at}/", "http://127.0.0.1%2f@example.org:{port}/", "http://%31%32%37.0.0.1:{port}/", "http://[{at}]/"),
    *("http://example.org@@{at}/", "http://127.0.0.1 :{port}/", "http://127.0.0.1:{port}:80/", "http://127.0.0.1;example.org:{port}/"),
)
# Names, and what the resolver of an attacker answers: at the first question and at the second.
NAMES = {
    "inside.example": (("127.0.0.1",), ("127.0.0.1",)),
    "both.example": (("93.184.216.34", "127.0.0.1"), ("127.0.0.1",)),
    "mapped.example": (("::ffff:127.0.0.1",), ("127.0.0.1",)),
    "six.example": (("::1",), ("::1",)),
    "nat64.example": (("64:ff9b::7f00:1",), ("127.0.0.1",)),
    "metadata.example": (("169.254.169.254",), ("127.0.0.1",)),
    "rebinding.example": (("93.184.216.34",), ("127.0.0.1",)),
    "127.0.0.1.nip.example": (("127.0.0.1",), ("127.0.0.1",)),
}


def urls(port: int) -> list[str]:
    """Each spelling as an address with that port."""
    at = f"127.0.0.1:{port}"
    return [
        *(f"http://{host}:{port}/" for host in (*HOSTS, *NAMES)),
        *(f"https://{host}:{port}/" for host in HOSTS[:3]),
        *(trick.format(at=at, port=port) for trick in TRICKS),
    ]


@dataclass
class Bait:
    """A port of this machine, and who connected to it."""

    port: int
    connections: list[str] = field(default_factory=list)

    def touched(self) -> int:
        """Connect to it, and return how many others did before: connections are taken in their order."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as mine:
            mine.recv(1)  # it is closed once it was noted
        return len(self.connections) - 1


@contextmanager
def bait() -> Iterator[Bait]:
    """Listens on all addresses of this machine, of both families."""
    with closing(socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)) as server:
        here = Bait(server.getsockname()[1])

        def take() -> None:
            with suppress(OSError):
                while True:
                    line, peer = server.accept()
                    here.connections.append(str(peer))
                    line.close()

        threading.Thread(target=take, daemon=True).start()
        yield here
        server.shutdown(socket.SHUT_RDWR)
