"""The port kinds: one file each, with its record and, where no earlier stage needs it, the type of its values."""
