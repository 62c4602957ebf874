"""The settings of the servers of the suite: the real ones, but passwords are hashed fast: a journey makes seven and types some."""

from settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
