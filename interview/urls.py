"""The addresses of the interview: what the public reads, and where its people work."""

from django.urls import path

from interview.views import correction, guest, host, language, people, planning, proof, public, staff, typist

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
    path(f"{STAFF}typist/answering/", typist.answering, name="answering"),
    path(f"{STAFF}entries/<int:position>/", correction.entry, name="entry"),
    path(f"{STAFF}entries/<int:position>/revise/", correction.revise_entry, name="revise_entry"),
    path(f"{STAFF}entries/<int:position>/withdraw/", correction.withdraw_entry, name="withdraw_entry"),
    path(f"{STAFF}proof/", proof.proof, name="proof"),
    path(f"{STAFF}proof/answer/", proof.answer_in_writing, name="answer_in_writing"),
]

planning_patterns = [
    path("staff/", staff.staff, name="staff"),
    path("staff/interviews/new/", planning.plan_new, name="plan_new"),
    path(STAFF, planning.plan, name="plan"),
    path(f"{STAFF}announce/", planning.announce, name="announce"),
    path(f"{STAFF}postpone/", planning.postpone, name="postpone"),
    path(f"{STAFF}cancel/", planning.cancel, name="cancel"),
    path(f"{STAFF}guests/", people.guest_add, name="guest_add"),
    path(f"{STAFF}guests/<uuid:guest_id>/", people.guest_change, name="guest_change"),
    path(f"{STAFF}guests/<uuid:guest_id>/up/", people.guest_up, name="guest_up"),
    path(f"{STAFF}guests/<uuid:guest_id>/remove/", people.guest_remove, name="guest_remove"),
    path(f"{STAFF}seats/", people.seat_add, name="seat_add"),
    path(f"{STAFF}seats/<uuid:seat_id>/remove/", people.seat_remove, name="seat_remove"),
]

urlpatterns = [*public_patterns, *planning_patterns, *on_air_patterns]
