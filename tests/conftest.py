"""What all tests share."""

from hypothesis import settings

# A test says what is right, not how fast the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
