"""The settings of the site that is nothing but the engine: the real ones with one app."""

from settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "channels", "realtime"]
MIDDLEWARE = []
ROOT_URLCONF = "tests.realtime.site"
AUTH_USER_MODEL = "auth.User"
