"""Export: a plan as a Python script or a notebook that needs no Easel. Modules are called as they are: their files are inside."""
