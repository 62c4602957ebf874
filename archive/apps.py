"""Django's entry for the archive app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = _("归档")

    def ready(self) -> None:
        # Tasks need the models, which exist only now.
        from archive.tasks import keep_up_with  # noqa: PLC0415
        from interview import listeners  # noqa: PLC0415

        listeners.add(keep_up_with)
