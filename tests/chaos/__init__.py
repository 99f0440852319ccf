"""`make chaos`: an installation of real processes under fire, and an oracle that says whether anything was lost, stuck, or done twice."""
