"""`python -m bot backup` and `restore`: all that is kept, copied while the bot works, and put back."""
