"""What holds for all tests."""

from hypothesis import settings

# A slow machine is no failure: the time one example takes says nothing about what it shows.
settings.register_profile("easel", deadline=None)
settings.load_profile("easel")
