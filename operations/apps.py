"""The operations app: what keeps the service running."""

from django.apps import AppConfig
from django.contrib.staticfiles import apps as staticfiles


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from operations import checks  # noqa: F401, PLC0415  (registers system checks, which need the app registry)


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Collects what our pages use: of htmx, version 2 without its extensions."""

    ignore_patterns = [*staticfiles.StaticFilesConfig.ignore_patterns, "django_htmx/ext/*", "django_htmx/ht*-4*"]
