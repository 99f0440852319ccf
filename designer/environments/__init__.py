"""Project environments: packages that a workspace's steps may use beside Easel's own."""
