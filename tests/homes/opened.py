"""`python -m tests.homes.opened SEEN`: bring EASEL_HOME up to date as every start does, and print what its person sees by its token, without a server.

Afterwards its sample pipelines run again, all steps of them. The exit code is not 0 where one does not end well.
"""

from __future__ import annotations

import json
import sys
import urllib.error
from email.message import Message
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.test import Client

from tests.homes.make import SAMPLES, seen_home


class ByToken:
    """Asks the API in this process, signed in by a token."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {token}", "Host": "localhost"})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """As `tests.support.app_server.Person` does."""
        answer = self._client.generic(method, path, json.dumps(body), "application/json")
        if answer.status_code >= 300:
            raise urllib.error.HTTPError(path, answer.status_code, answer.content.decode(), Message(), None)
        return answer.json()


def main() -> None:
    """Prepare, look, print, run."""
    django.setup()
    call_command("prepare", stdout=sys.stderr)
    before = json.loads(Path(sys.argv[1]).read_text())
    now = seen_home(ByToken(before["token"]), before["workspace"], before["ids"])
    print(json.dumps(now))
    for name in SAMPLES:
        document = Path(sys.argv[1]).with_name(f"{name}.json")
        document.write_text(json.dumps(now["pipelines"][name]["graph"]))
        call_command("run", str(document), force=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
