"""What modules of several shelves compute with: features, encoders, families of learners, tasks and their evaluation."""
