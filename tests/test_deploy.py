"""The files of deploy/, each judged by its own linter; and the commands of the systemd units, carried out behind nginx."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.living import ROOT, Home, wait_until
from tests.tree import Person, free_port

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
FILLED = {"POSTGRES_PASSWORD": "x", "EASEL_SECRET_KEY": "x" * 60, "EASEL_HOSTS": "easel.example.org"}


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
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/easel/.venv/bin/python", sys.executable))
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
    sources = "".join((ROOT / "designer" / path).read_text() for path in ("site/metrics.py", "config/requests.py"))
    assert [name for name in asked if f'"{re.sub("_(total|bucket)$", "", name)}"' not in sources] == []


def command_of(unit, **others):
    """What a unit starts, and with which environment."""
    text = (DEPLOY / "systemd" / unit).read_text().replace("\\\n", " ")
    env = dict(part.split("=", 1) for line in re.findall(r"^Environment=(.*)$", text, re.MULTILINE) for part in line.split())
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    for name, value in {"/opt/easel/.venv/bin/python": sys.executable, "${EASEL_CONCURRENCY}": "2", "%H": "here", **others}.items():
        line = line.replace(name, value)
        env = {key: given.replace(name, value) for key, given in env.items()}
    return shlex.split(line), env


def nginx(folder, port, web):
    """Its configuration with these addresses."""
    text = (DEPLOY / "nginx.conf").read_text().replace("server web:8000;", f"server 127.0.0.1:{web};").replace("8080", f"127.0.0.1:{port}")
    paths = [f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    text = text.replace("http {", "http {\n    access_log off;\n    " + "\n    ".join(paths), 1)
    config = folder / "nginx.conf"
    config.write_text(f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\n" + text)
    config.chmod(0o644)
    return [tool("nginx", "nginx"), "-e", folder / "nginx.log", "-c", config]


@pytest.mark.processes
@pytest.mark.slow
def test_the_services_work_behind_the_proxy():
    port, web = free_port(), free_port()
    told = {"EASEL_BEHIND_PROXY": "1", "EASEL_METRICS_TOKEN": "t" * 32, "EASEL_SECRET_KEY": "k" * 60, "EASEL_LOG_LEVEL": "INFO"}
    with Home(team=True, env=told) as home:
        proxy = nginx(home.folder, port, web)
        assert run(*proxy, "-t")[0] == 0, run(*proxy, "-t")
        runtime = home.folder / "runtime"
        for part in ("easel-web", "easel-beat"):
            (runtime / part).mkdir(parents=True)
        link = subprocess.run([sys.executable, "manage.py", "prepare"], env=home.env, check=True, capture_output=True, text=True).stdout
        logs = {}
        for part in ("web", "worker", "beat"):
            command, env = command_of(f"easel-{part}.service", **{"--port 8000": f"--port {web}", "%t": str(runtime)})
            logs[part] = (home.folder / f"{part}.log").open("w+")
            home.start(command, env={**home.env, **env}, stderr=logs[part], stdout=subprocess.DEVNULL)
        home.start(proxy)
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{base}/ready"), 60)

        person = Person(base, base + link.strip().splitlines()[-1], home.folder, 0)
        pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
        assert person.run(pipeline)[1] == "done"  # watched by a socket through the proxy
        (it,) = person.call("GET", "/api/runs/")
        assert not answers(f"{base}/metrics")
        wait_until(lambda: 'outcome="done"' in metrics(web) and "easel_workers 1.0" in metrics(web))

        signed_in = 'easel_http_request_seconds_count{method="GET",route="sign-in/link/<str:secret>",status="302"} 1.0'
        assert all(signed_in in metrics(web) for _ in range(8))  # whichever of the two processes is asked

        lines = [line for file in logs.values() for line in Path(file.name).read_text().splitlines() if it["id"] in line]
        assert {"the run is waiting", "the run is done"} <= {re.findall(r'"message":"([^"]*)"', line)[0] for line in lines}
        assert any('"worker":"worker@here"' in line and '"seconds":' in line for line in lines)


def metrics(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {'t' * 32}"})
    return urllib.request.urlopen(request).read().decode()


def answers(url):
    try:
        return urllib.request.urlopen(url).status == 200
    except (OSError, urllib.error.HTTPError):
        return False
