"""The files of deploy/, each judged by its own linter; and the commands of the systemd units, carried out behind nginx."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from designer.http.errors import body
from tests.support.app_server import Person
from tests.support.installation import ROOT, Home, wait_until
from tests.support.ports import free_port
from tests.support.servers import nginx

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
FILLED = {
    "POSTGRES_PASSWORD": "x",
    "EASEL_SECRET_KEY": "x" * 60,
    "EASEL_HOSTS": "easel.example.org",
    "EASEL_SERVE_URL": "https://easel.example.org",
}


def run(*command, **how):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **how)
    return done.returncode, done.stdout + done.stderr


def tool(name, package):
    """Where a linter is; on CI it must be there."""
    found = shutil.which(name)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"apt-get install {package} brings {name}")
    assert found, name
    return found


def test_the_image():
    assert run(Path(sys.executable).with_name("hadolint"), DEPLOY / "Dockerfile") == (0, "")


def test_the_compose_file():
    code, said = run(
        tool("docker-compose", "docker-compose"), "-f", DEPLOY / "compose.yml", "config", "--quiet", env={**os.environ, **FILLED}
    )
    assert (code, said) == (0, "")


def test_the_example_of_its_settings_names_them_all():
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yml").read_text()))
    assert asked == set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))


def test_the_systemd_units(tmp_path):
    for unit in UNITS:
        (tmp_path / unit.name.replace("@.", "@8000.")).write_text(unit.read_text().replace("/opt/easel/.venv/bin/python", sys.executable))
    assert run(tool("systemd-analyze", "systemd"), "verify", *tmp_path.iterdir()) == (0, "")


@pytest.mark.parametrize("file", sorted((DEPLOY / "kubernetes").iterdir()), ids=lambda file: file.name)
def test_the_kubernetes_manifests(file):
    code, said = run(Path(sys.executable).with_name("kubernetes-validate"), "--strict", file)
    assert code == 0 and "passed for resource" in said, said


def test_what_prometheus_is_told(tmp_path):
    shutil.copytree(DEPLOY / "prometheus", tmp_path, dirs_exist_ok=True)
    (tmp_path / "token").write_text("x")
    config = tmp_path / "prometheus.yml"
    config.write_text(config.read_text().replace("/etc/prometheus/easel.token", str(tmp_path / "token")))
    code, said = run(tool("promtool", "prometheus"), "check", "config", config)
    assert code == 0, said


def test_alerts_name_metrics_that_are_there():
    asked = set(re.findall(r"easel_[a-z_]+", (DEPLOY / "prometheus" / "alerts.yml").read_text()))
    sources = "".join((ROOT / "designer" / path).read_text() for path in ("site/metrics.py", "http/request_log.py"))
    assert [name for name in asked if f'"{re.sub("_(total|bucket|count)$", "", name)}"' not in sources] == []


def command_of(unit, **others):
    """What a unit starts, and with which environment."""
    text = (DEPLOY / "systemd" / unit).read_text().replace("\\\n", " ")
    env = dict(part.split("=", 1) for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE) for part in line.split())
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    for name, value in {"/opt/easel/.venv/bin/python": sys.executable, "${EASEL_CONCURRENCY}": "2", "%H": "here", **others}.items():
        line = line.replace(name, value)
        env = {key: given.replace(name, value) for key, given in env.items()}
    return shlex.split(line), env


@pytest.mark.processes
@pytest.mark.slow
def test_the_services_work_behind_the_proxy():
    port, webs, serves = free_port(), (free_port(), free_port()), (free_port(), free_port())
    told = {"EASEL_BEHIND_PROXY": "1", "EASEL_METRICS_TOKEN": "t" * 32, "EASEL_SECRET_KEY": "k" * 60, "EASEL_LOG_LEVEL": "INFO"}
    with Home(team=True, env=told) as home:
        proxy = nginx(home.folder, webs, port, serves)
        assert run(*proxy.command, "-t")[0] == 0, run(*proxy.command, "-t")
        runtime = home.folder / "runtime"
        (runtime / "easel-beat").mkdir(parents=True)
        link = subprocess.run([sys.executable, "manage.py", "prepare"], env=home.env, check=True, capture_output=True, text=True).stdout
        logs = {}
        parts = {"web-1": ("web@", webs[0]), "web-2": ("web@", webs[1]), "worker": ("worker", 0), "beat": ("beat", 0)}
        parts |= {"serve-1": ("serve@", serves[0]), "serve-2": ("serve@", serves[1])}
        for part, (unit, at) in parts.items():
            command, env = command_of(f"easel-{unit}.service", **{"%i": str(at), "%t": str(runtime)})
            logs[part] = (home.folder / f"{part}.log").open("w+")
            home.start(command, env={**home.env, **env}, stderr=logs[part], stdout=subprocess.DEVNULL)
        home.serve(proxy)
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{base}/ready") and answers(f"{base}/v2/health/ready"), 60)

        person = Person(base, base + link.strip().splitlines()[-1], home.folder, 0)
        pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
        assert person.run(pipeline)[1] == "done"  # watched by a socket through the proxy
        (it,) = person.call("GET", "/api/runs/")
        assert not answers(f"{base}/metrics")
        wait_until(lambda: 'outcome="done"' in metrics(webs[1]) and "easel_workers 1.0" in metrics(webs[1]))
        signed_in = 'easel_http_request_seconds_count{method="GET",route="sign-in/link/<str:secret>",status="302"} 1.0'
        assert [signed_in in metrics(web) for web in webs].count(True) == 1  # each tells its own requests

        lines = [line for file in logs.values() for line in Path(file.name).read_text().splitlines() if it["id"] in line]
        assert {"the run is waiting", "the run is done"} <= {re.findall(r'"message":"([^"]*)"', line)[0] for line in lines}
        assert any('"worker":"worker@here"' in line and '"seconds":' in line for line in lines)


@contextmanager
def proxied(tmp_path, *answers):
    """The proxy before servers of ours: each closes at once, or keeps the connection; how many came is counted."""
    webs, port = [free_port(), free_port()], free_port()
    came, ending = [], []

    def serve(listener, answers):
        while True:
            try:
                talk, _ = listener.accept()
            except OSError:
                return
            came.append(talk)
            threading.Thread(target=converse, args=(talk, answers), daemon=True).start()

    def converse(talk, answers):
        while answers and (heard := talk.recv(65536)):
            asked.append(heard)
            talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        talk.close()

    asked = []
    for web, behaviour in zip(webs, answers, strict=True):
        if behaviour is None:
            continue
        listener = socket.create_server(("127.0.0.1", web))
        ending.append(listener)
        threading.Thread(target=serve, args=(listener, behaviour), daemon=True).start()
    tmp_path.chmod(0o755)
    server = nginx(tmp_path, webs, port)
    process = subprocess.Popen(server.command, stderr=subprocess.DEVNULL)
    try:
        wait_until(server.answers)
        yield server.url, came, asked
    finally:
        process.terminate()
        process.wait()
        for listener in ending:
            listener.close()


@pytest.mark.processes
def test_the_proxy_uses_its_connections_again_and_does_not_ask_to_close_them(tmp_path):
    tool("nginx", "nginx-light")
    with proxied(tmp_path, True, None) as (base, came, asked):
        assert [urllib.request.urlopen(base).status for _ in range(20)] == [200] * 20
        assert len(came) <= (os.cpu_count() or 1) and not any(b"connection: close" in heard.lower() for heard in asked)


@pytest.mark.processes
def test_the_proxy_answers_programs_in_json_and_people_with_a_page(tmp_path):
    tool("nginx", "nginx-light")
    with proxied(tmp_path, False, None) as (base, _, _):
        for path, kind in (("/api/pipelines/", "application/json"), ("/", "text/html")):
            with pytest.raises(urllib.error.HTTPError) as away:
                urllib.request.urlopen(base + path)
            assert (away.value.code, away.value.headers["Retry-After"], away.value.headers["Content-Type"]) == (503, "5", kind)
            said = away.value.read()
            assert b"Easel did not answer" in said or json.loads(said)["error"].keys() == body("", "")["error"].keys()


@pytest.mark.processes
@pytest.mark.parametrize("path", ["/serve/w/price/score", "/v2/models/price/infer"])
def test_the_proxy_sends_a_request_to_an_endpoint_to_another_process_when_one_ends(tmp_path, path):
    tool("nginx", "nginx-light")
    with proxied(tmp_path, False, True) as (base, _, asked):
        assert [urllib.request.urlopen(base + path, b"{}").status for _ in range(8)] == [200] * 8
        assert [heard[:4] for heard in asked] == [b"POST"] * 8


def metrics(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {'t' * 32}"})
    return urllib.request.urlopen(request).read().decode()


def answers(url):
    try:
        return urllib.request.urlopen(url).status == 200
    except (OSError, urllib.error.HTTPError):
        return False
