"""The operations app: what keeps the service running."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from operations import checks  # noqa: F401, PLC0415  (registers system checks, which need the app registry)
