"""The page that holds the canvas, sign-in and health."""
