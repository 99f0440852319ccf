"""The words modules are written in: kinds of thing on an edge, kinds of setting, the module itself, and the palette."""
