"""Servers of an installation under test: on a private socket or a free port, without persistence, safe to kill."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from designer.site.supervisor import _broker
from tests.support.ports import free_port

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """How a server is started, reached and checked; `forget` makes its next start an empty one."""

    command: list[str]
    url: str
    answers: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, Any] = field(default_factory=dict)
    forget: Callable[[], None] = lambda: None


def embedded_broker(folder: Path) -> Server:
    """The one that `make run` starts."""
    at = folder / "broker"
    return Server(_broker(at), f"redis+socket://{at}", at.exists, forget=partial(at.unlink, missing_ok=True))


def redis(folder: Path, address: str = HERE) -> Server:
    """Debian's Redis, in memory only."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    assert server, "a team's installation is tested with redis-server: apt-get install redis-server"
    port = free_port(address)
    options = ["--bind", address, "--protected-mode", "no", "--save", "", "--dir", str(folder)]
    return Server([server, "--port", str(port), *options], f"redis://{address}:{port}/0", partial(_listens, address, port))


def rabbitmq(folder: Path, address: str = HERE) -> tuple[Server, Server]:
    """Debian's RabbitMQ as a node of its own, and Erlang's port mapper (epmd), which must start first."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
    assert found, "RabbitMQ as a broker is tested with rabbitmq-server: apt-get install rabbitmq-server"
    home = folder / "rabbitmq"
    home.mkdir()
    (home / "plugins").write_text("[].")
    (home / "rabbitmq.conf").write_text("loopback_users = none\n")  # allow the guest account from the other host
    port, maps = free_port(address), free_port(HERE)
    env = {
        "HOME": str(home),
        "ERL_EPMD_PORT": str(maps),
        "ERL_EPMD_ADDRESS": HERE,
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_DIST_PORT": str(free_port(HERE)),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_LOG_BASE": str(home),
        "RABBITMQ_LOGS": str(home / "log"),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_NODENAME": f"easel{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": address,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
    }
    forget = partial(shutil.rmtree, home / "data", ignore_errors=True)
    broker = Server([str(found[-1])], f"amqp://guest:guest@{address}:{port}//", partial(_listens, address, port), env, forget=forget)
    return broker, Server(["epmd", "-port", str(maps), "-address", HERE], "", partial(_listens, HERE, maps), {"HOME": str(home)})


def s3(address: str = HERE) -> Server:
    """moto: S3 in the memory of a process."""
    port = free_port(address)
    command = [sys.executable, "-m", "moto.server", "-H", address, "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return Server(command, f"http://{address}:{port}", partial(_listens, address, port), how=quiet)


def postgres(folder: Path, address: str | None = None) -> Server:
    """Debian's PostgreSQL on a private socket, or at an address for other hosts."""
    bin, data, sockets = _postgres_bin(), folder / "data", folder / "sockets"
    sockets.mkdir()
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "postgres")
        shutil.chown(sockets, "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    subprocess.run([bin / "initdb", "-D", data, "-U", "easel", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
                   check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # fmt: skip
    settings = [f"listen_addresses={address or ''}", f"unix_socket_directories={sockets}", "log_min_messages=fatal"]
    if address:
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 0.0.0.0/0 trust\n")
    port = free_port(address or HERE)
    command = [str(bin / "postgres"), "-D", str(data), "-p", str(port), *(part for setting in settings for part in ("-c", setting))]

    def answers() -> bool:
        ready = [bin / "pg_isready", "-q", "-h", sockets, "-p", str(port)]
        return subprocess.run(ready, check=False).returncode == 0

    return Server(
        command, f"postgres://easel@{address or quote(str(sockets), safe='')}:{port}/postgres", answers,
        how={"stderr": subprocess.DEVNULL, **user},
    )  # fmt: skip


def nginx(folder: Path, webs: Sequence[int], port: int, serves: Sequence[int] = ()) -> Server:
    """The proxy of deploy/nginx.conf, with these web and serving processes behind it; the web processes stand for those that are not given."""
    program = shutil.which("nginx")
    assert program, "the proxy is tested with nginx: apt-get install nginx-light"
    text = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
    for given, ports in (("8000", webs), ("8001", serves or webs)):
        named = re.findall(rf"^ *server [\w.-]+:{given}", text, re.MULTILINE)
        assert len(named) == len(ports), "as many servers as the file has"
        for line, found in zip(named, ports, strict=True):
            text = text.replace(line, f"server {HERE}:{found}")
    text = text.replace("listen 8080", f"listen {HERE}:{port}")
    paths = [f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    text = text.replace("http {", "http {\n    access_log off;\n    " + "\n    ".join(paths), 1)
    config = folder / "nginx.conf"
    config.write_text(f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\n" + text)
    config.chmod(0o644)
    command = [program, "-e", str(folder / "nginx.log"), "-c", str(config)]
    return Server(command, f"http://{HERE}:{port}", partial(_listens, HERE, port))


def _listens(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def _postgres_bin() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    elsewhere = [Path(path).parent for path in [shutil.which("initdb")] if path]
    assert debian or elsewhere, "a team's installation is tested with PostgreSQL: apt-get install postgresql"
    return (debian or elsewhere)[-1]
