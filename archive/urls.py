"""The addresses of the archive: an editor's button, and the portal's folder."""

from django.urls import path

from archive import views

urlpatterns = [
    path("staff/interviews/<uuid:programme_id>/archive/", views.archive, name="archive"),
    path("archive/", views.archive_file, name="archive_index"),
    path("archive/<path:path>", views.archive_file, name="archive_file"),
]
