"""The web application: pages, REST API, websockets, accounts and workspaces."""
