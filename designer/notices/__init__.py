"""Notices: what the people of a workspace should know, shown in Easel and sent by email and signed webhook."""
