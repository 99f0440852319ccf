"""What people's code might try to get out of the place where it is carried out, and that it gets nothing."""
