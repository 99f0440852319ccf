"""Project environments: the packages that a workspace's containers have beside Easel's own."""
