"""The vocabulary of modules: port kinds, setting kinds, the module itself and the palette."""
