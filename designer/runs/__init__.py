"""Starting, cancelling and following runs."""
