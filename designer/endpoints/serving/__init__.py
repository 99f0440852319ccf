"""The serving process: keys, routing, scoring and counting in memory, without a database on the way of a request."""
