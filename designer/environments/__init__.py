"""Project environments: the packages that a workspace's steps may have beside Easel's own."""
