"""App config of the site; it warns of unknown variables at process start."""

import logging
import os

from django.apps import AppConfig

from designer.variables import unknown

log = logging.getLogger(__name__)


class SiteConfig(AppConfig):
    """The site; each process logs the EASEL_ variables that it does not know."""

    name = "designer.site"

    def ready(self) -> None:
        for sentence in unknown(os.environ).values():
            log.warning(sentence)
