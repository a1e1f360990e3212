"""`python -m bot doctor`: what is wrong with data that are there, what it means, and its cure."""
