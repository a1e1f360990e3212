"""Whose picture it is, and whether they agree to its being used."""
