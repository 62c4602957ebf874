"""The settings of the site that is nothing but a server's other end: the real ones with next to no apps."""

from settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "channels", "operations"]
AUTH_USER_MODEL = "auth.User"
MIDDLEWARE = []
ROOT_URLCONF = "tests.operations.servers.site_settings"
urlpatterns: list[object] = []
ASGI_APPLICATION = "tests.operations.servers.site.application"
