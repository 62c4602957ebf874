"""The addresses of asking and of screening."""

from django.urls import path

from moderation.views import accountability, asking, inbox, receipt, rules

urlpatterns = [
    path("interviews/<uuid:programme_id>/ask/", asking.ask, name="ask"),
    path("interviews/<uuid:programme_id>/screening/", accountability.screening, name="screening"),
    path("receipts/<str:token>/", receipt.receipt, name="receipt"),
    path("receipts/<str:token>/withdraw/", receipt.withdraw, name="withdraw"),
    path("staff/interviews/<uuid:programme_id>/inbox/", inbox.inbox, name="inbox"),
    path("staff/interviews/<uuid:programme_id>/inbox/take/", inbox.take, name="take"),
    path("staff/interviews/<uuid:programme_id>/inbox/release/", inbox.release, name="release"),
    path("staff/interviews/<uuid:programme_id>/inbox/approve/", inbox.approve, name="approve"),
    path("staff/interviews/<uuid:programme_id>/inbox/decline/", inbox.decline, name="decline"),
    path("staff/interviews/<uuid:programme_id>/inbox/take-back/", inbox.take_back, name="take_back"),
    path("staff/interviews/<uuid:programme_id>/records.csv", accountability.records, name="records"),
    path("staff/records.csv", accountability.records, name="site_records"),
    path("staff/interviews/<uuid:programme_id>/rules/", rules.rules, name="rules"),
]
