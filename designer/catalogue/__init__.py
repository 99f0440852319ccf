"""The module catalogue as the canvas shows it."""
