"""`make chaos`: fault injection into an installation of real processes; an oracle reports lost, stuck and duplicated work."""
