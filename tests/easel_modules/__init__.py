"""Modules only for tests of the engine: EASEL_MODULES=tests.easel_modules."""
