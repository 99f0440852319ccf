"""`make run`: extras, a machine behind a company's own certificate, and one that reaches no package index."""

from __future__ import annotations

import datetime
import functools
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.pipelines.execution.targets.test_images import wheel
from tests.support.installation import ROOT

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
OWN = ("UV_", "PIP_", "SSL_CERT", "REQUESTS_CA", "MAKE", "MFLAGS", "PYTHON")


def certificates(folder: Path) -> tuple[Path, Path]:
    """A company's own authority, and a server's certificate and key that it signed for this machine."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A company")])
    server, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)

    def signed(subject: x509.Name, of: ec.EllipticCurvePrivateKey, *more: tuple[x509.ExtensionType, bool]) -> bytes:
        made = x509.CertificateBuilder(name, subject, of.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1))
        for extension, critical in more:
            made = made.add_extension(extension, critical)
        return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    usage = dict.fromkeys(
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only".split(), False
    )
    authority = signed(
        name,
        key,
        (x509.BasicConstraints(True, None), True),
        (x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    )
    host = signed(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
        server,
        (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
        (x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False),
    )
    private = server.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "authority.pem").write_bytes(authority)
    (folder / "server.pem").write_bytes(host + private)
    return folder / "authority.pem", folder / "server.pem"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """A package index with a certificate that the company signed."""
    _, server = certificates(tmp_path)
    (tmp_path / "pages").mkdir()
    (package,) = wheel(tmp_path / "pages" / "easel-trial").iterdir()
    package.with_name("index.html").write_text(f'<a href="{package.name}">{package.name}</a>')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path / "pages")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server)
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"https://localhost:{listening.server_port}"
        listening.shutdown()


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A clone in which uv is there and no package is."""
    clone = tmp_path / "clone"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    (clone / ".venv" / "bin" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    shutil.copy(ROOT / "Makefile", clone)
    (clone / "requirements.txt").write_text("easel-trial==1.0\n")
    return clone


def make(clone: Path, *before: str, goal: str = ".make/run", **env: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    given = {**outer, "UV_NO_CONFIG": "1", "UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0", "NO_PROXY": "localhost", **env}
    return subprocess.run([*before, "make", *goal.split()], cwd=clone, env=given, capture_output=True, text=True, check=False)


def installed(clone: Path) -> bool:
    return bool(list((clone / ".venv").glob("lib/*/site-packages/easel_trial.py")))


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0 or not BUNDLE.exists(), reason="only root may add to what the system trusts, for one process")
def test_a_companys_own_certificate_is_trusted_if_the_system_trusts_it(fresh: Path, index: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(BUNDLE.read_bytes() + (tmp_path / "authority.pem").read_bytes())
    trusting = ("unshare", "--mount", "sh", "-c", f'mount --bind {bundle} {BUNDLE} && exec "$@"', "sh")
    assert make(fresh, *trusting, UV_DEFAULT_INDEX=index, UV_SYSTEM_CERTS="0").returncode != 0, "told otherwise"
    done = make(fresh, *trusting, UV_DEFAULT_INDEX=index)
    assert done.returncode == 0 and installed(fresh), done.stderr


@pytest.mark.processes
def test_an_index_that_cannot_be_reached_is_said_with_what_to_set(fresh: Path) -> None:
    done = make(fresh, UV_DEFAULT_INDEX="https://127.0.0.1:1/simple")
    assert done.returncode != 0 and not (fresh / ".make" / "run").exists()
    (said,) = [line for line in done.stderr.splitlines() if "were not installed" in line]
    assert all(name in said for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "npm_config_registry", "SSL_CERT_FILE"))


def test_an_unknown_extra_is_refused_in_one_sentence_before_anything_is_installed() -> None:
    command = ["make", "--no-print-directory", "run", "EXTRAS=xgboost visoin"]  # `make test` hands its flags to this one
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and done.stdout == ""
    known = " ".join(sorted(file.stem for file in (ROOT / "extras").iterdir()))
    assert done.stderr.endswith(f"*** There is no extra called visoin; the extras are {known}.  Stop.\n"), done.stderr


@pytest.mark.processes
def test_an_extra_is_installed_once_beside_the_requirements_and_again_when_it_changes(fresh: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in ("easel-trial", "easel-extra"):
        wheel(wheels / name, name.replace("-", "_"))
    (fresh / "extras").mkdir()
    extra = fresh / "extras" / "trial.txt"
    extra.write_text("easel-extra==1.0\n")
    subprocess.run([fresh / ".venv" / "bin" / "python", "-m", "ensurepip"], check=True, capture_output=True)  # as in a real one
    places = [str(place) for place in wheels.iterdir()]
    index = {"UV_NO_INDEX": "1", "UV_FIND_LINKS": ",".join(places), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": " ".join(places)}
    goal = ".make/run .make/extra-trial"
    first = make(fresh, goal=goal, **index)
    assert first.returncode == 0 and "Installing extras/trial.txt" in first.stdout, first.stderr
    assert installed(fresh) and list((fresh / ".venv").glob("lib/*/site-packages/easel_extra.py"))
    assert "Installing" not in make(fresh, goal=goal, **index).stdout
    os.utime(extra, (time.time() + 5, time.time() + 5))
    assert "Installing extras/trial.txt" in make(fresh, "env", "MAKEFLAGS=n", goal="run", **index).stdout, "also without naming it again"
