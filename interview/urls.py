"""The addresses of the interview: what the public reads, and where its people work."""

from django.urls import path

from interview.views import correction, guest, host, language, proof, public, typist

public_patterns = [
    path("", public.home, name="home"),
    path("language/<str:code>/", language.language, name="language"),
    path("interviews/<uuid:programme_id>/", public.programme, name="programme"),
    path("interviews/<uuid:programme_id>/calendar.ics", public.calendar_file, name="calendar"),
    path("interviews/<uuid:programme_id>/qr.svg", public.qr_code, name="qr"),
]

STAFF = "staff/interviews/<uuid:programme_id>/"
on_air_patterns = [
    path(f"{STAFF}desk/", host.host, name="desk"),
    path(f"{STAFF}desk/open/", host.open_programme, name="open"),
    path(f"{STAFF}desk/close/", host.close_programme, name="close"),
    path(f"{STAFF}desk/extend/", host.extend, name="extend"),
    path(f"{STAFF}desk/put/", host.put, name="put"),
    path(f"{STAFF}desk/put-back/", host.put_back, name="put_back"),
    path(f"{STAFF}sheet/", guest.sheet, name="sheet"),
    path(f"{STAFF}sheet/answer/", guest.answer, name="answer"),
    path(f"{STAFF}sheet/draft/", guest.save_draft, name="save_draft"),
    path(f"{STAFF}typist/", typist.typist, name="typist"),
    path(f"{STAFF}typist/speak/", typist.speak, name="speak"),
    path(f"{STAFF}entries/<int:position>/", correction.entry, name="entry"),
    path(f"{STAFF}entries/<int:position>/revise/", correction.revise_entry, name="revise_entry"),
    path(f"{STAFF}entries/<int:position>/withdraw/", correction.withdraw_entry, name="withdraw_entry"),
    path(f"{STAFF}proof/", proof.proof, name="proof"),
    path(f"{STAFF}proof/answer/", proof.answer_in_writing, name="answer_in_writing"),
]

urlpatterns = [*public_patterns, *on_air_patterns]
