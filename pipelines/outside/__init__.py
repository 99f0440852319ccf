"""What modules reach outside Easel: the web, databases, buckets and folders, within what the administrator allows."""
