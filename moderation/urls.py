"""The addresses of asking and of screening."""

from django.urls import path

from moderation.views import accountability, aside, asking, editing, inbox, reason_texts, receipt, rules, supporting, unmasking, word_lists

urlpatterns = [
    path("interviews/<uuid:programme_id>/ask/", asking.ask, name="ask"),
    path("interviews/<uuid:programme_id>/challenge/", asking.challenge_for, name="challenge"),
    path("interviews/<uuid:programme_id>/screening/", accountability.screening, name="screening"),
    path("interviews/<uuid:programme_id>/support/", supporting.support, name="support"),
    path("receipts/<str:token>/", receipt.receipt, name="receipt"),
    path("receipts/<str:token>/withdraw/", receipt.withdraw, name="withdraw"),
    path("staff/interviews/<uuid:programme_id>/inbox/", inbox.inbox, name="inbox"),
    path("staff/interviews/<uuid:programme_id>/inbox/take/", inbox.take, name="take"),
    path("staff/interviews/<uuid:programme_id>/inbox/release/", inbox.release, name="release"),
    path("staff/interviews/<uuid:programme_id>/inbox/approve/", inbox.approve, name="approve"),
    path("staff/interviews/<uuid:programme_id>/inbox/decline/", inbox.decline, name="decline"),
    path("staff/interviews/<uuid:programme_id>/inbox/take-back/", inbox.take_back, name="take_back"),
    path("staff/interviews/<uuid:programme_id>/inbox/hold/", aside.hold, name="hold"),
    path("staff/interviews/<uuid:programme_id>/inbox/escalate/", aside.escalate, name="escalate"),
    path("staff/interviews/<uuid:programme_id>/inbox/ask-back/", aside.ask_back, name="ask_back"),
    path("staff/interviews/<uuid:programme_id>/inbox/edit/", editing.edit, name="edit"),
    path("staff/interviews/<uuid:programme_id>/inbox/resume/", aside.resume, name="resume"),
    path("staff/interviews/<uuid:programme_id>/inbox/note/", aside.note, name="note"),
    path("staff/interviews/<uuid:programme_id>/records.csv", accountability.records, name="records"),
    path("staff/interviews/<uuid:programme_id>/inbox/unmask/", unmasking.unmask, name="unmask"),
    path("staff/reasons/", reason_texts.reasons, name="reason_texts"),
    path("staff/word-lists/", word_lists.lists, name="word_lists"),
    path("staff/word-lists/try/", word_lists.attempt, name="word_lists_try"),
    path("staff/word-lists/<uuid:list_id>/", word_lists.word_list, name="word_list"),
    path("staff/word-lists/<uuid:list_id>/add/", word_lists.add, name="word_list_add"),
    path("staff/word-lists/<uuid:list_id>/drop/", word_lists.drop, name="word_list_drop"),
    path("staff/word-lists/<uuid:list_id>/import/", word_lists.import_words, name="word_list_import"),
    path("staff/word-lists/<uuid:list_id>/remove/", word_lists.remove, name="word_list_remove"),
    path("staff/records.csv", accountability.records, name="site_records"),
    path("staff/interviews/<uuid:programme_id>/rules/", rules.rules, name="rules"),
]
