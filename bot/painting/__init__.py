"""A turn before the model: its takes, what is kept of their answers, and other words for what was refused."""
