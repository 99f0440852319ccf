"""What is said when a process starts."""

import logging
import os

from django.apps import AppConfig

from designer.variables import unknown

log = logging.getLogger(__name__)


class SiteConfig(AppConfig):
    """The site; each process names the variables that it does not know."""

    name = "designer.site"

    def ready(self) -> None:
        for sentence in unknown(os.environ).values():
            log.warning(sentence)
