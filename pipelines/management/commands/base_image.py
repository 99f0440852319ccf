"""`manage.py base_image`: build the base image of containers, and the environment without packages, with this machine's Docker engine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pipelines.runtime import environments


class Command(BaseCommand):
    """Builds in this process."""

    help = "Make the image that Docker nodes without an environment run in, and from which project environments are built."

    def handle(self, *args: Any, **options: Any) -> None:
        environments.request_build([], enqueue=environments.build, targets=[environments.Target.DOCKER])
        (build,) = environments.builds([[]], environments.Target.DOCKER)
        assert build is not None
        self.stdout.write(build.log.rstrip())
        if build.state != environments.BuildState.BUILT:
            raise CommandError(build.why or "Another process is building it just now.")
