"""The addresses of the interview: what the public reads, and where its people work."""

from django.urls import path

from interview.views import language, public

urlpatterns = [
    path("", public.home, name="home"),
    path("language/<str:code>/", language.language, name="language"),
    path("interviews/<uuid:programme_id>/", public.programme, name="programme"),
    path("interviews/<uuid:programme_id>/calendar.ics", public.calendar_file, name="calendar"),
    path("interviews/<uuid:programme_id>/qr.svg", public.qr_code, name="qr"),
]
