#!/usr/bin/env python
"""Django's command line."""

import sys

from designer.site.manage import execute

if __name__ == "__main__":
    execute(sys.argv)
