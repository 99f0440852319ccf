"""The web application: what people see, touch and share."""
