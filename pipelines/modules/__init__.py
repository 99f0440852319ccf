"""The modules people can drag, one file each, a folder per shelf; listed by being there."""
