"""Images: how a file becomes pixels, and the operations that change them."""
