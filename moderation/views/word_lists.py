"""The pages on which staff keep what screening looks for."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.roles import is_editor
from interview.text import QUESTION_LIMIT, clean
from interview.views.admission import person, to_sign_in, turn_away
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, View, answers_refusals, as_json
from moderation import highlights, vocabulary, word_lists
from moderation.forms import WordListForm
from moderation.models import WordList
from realtime.commands import Refused

WORDS_PER_PAGE = 200


def _only_keepers(view: View) -> View:
    def guarded(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User):
            return to_sign_in(request)
        if not word_lists.may_keep(request.user):
            return turn_away(request, only=_("编辑和审核员"))
        return view(request, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_only_keepers
def lists(request: HttpRequest) -> HttpResponse:
    """All lists, what a text would set off, and the form for a new list."""
    if request.method != "POST":
        return _lists(request, form=WordListForm())
    form = WordListForm(request.POST)
    try:
        row = word_lists.create(**_settings(form), by=person(request))
    except Refused as refused:
        return _refused(request, refused, _lists, form=form)
    address = reverse("word_list", args=[row.pk])
    return done(request, _("词表已建立。接下来增加或导入词。"), to=address, address=address)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_only_keepers
def word_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One list: its words, and its settings to be changed."""
    row = get_object_or_404(WordList, pk=list_id)
    if request.method != "POST":
        return _list(request, row)
    form = WordListForm(request.POST)
    try:
        word_lists.change(word_list=row, **_settings(form), enabled="enabled" in request.POST, by=person(request))
    except Refused as refused:
        return _refused(request, refused, _list, row, form=form)
    return done(request, _("词表的设置已保存，两秒内在各处生效。"), to=reverse("word_list", args=[row.pk]))


@require_POST
@_only_keepers
def add(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Add words, one in each line."""
    row = get_object_or_404(WordList, pk=list_id)
    text, innocent = request.POST.get("text", ""), "innocent" in request.POST
    try:
        count = word_lists.add(word_list=row, text=text, innocent=innocent, by=person(request))
    except Refused as refused:
        return _refused(request, refused, _list, row, typed=text, innocent=innocent)
    return done(request, _("增加了%(count)d个词，两秒内在各处生效。") % {"count": count}, to=reverse("word_list", args=[row.pk]))


@require_POST
@_only_keepers
@answers_refusals
def drop(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Remove one word."""
    row = get_object_or_404(WordList, pk=list_id)
    word = request.POST.get("word", "")
    word_lists.drop(word_list=row, word=word, by=person(request))
    return done(request, _("“%(word)s”已删除。") % {"word": word[:60]}, to=reverse("word_list", args=[row.pk]))


@require_POST
@_only_keepers
def import_words(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Add the words of a file; with any error none, and every error with its line."""
    row = get_object_or_404(WordList, pk=list_id)
    file = request.FILES.get("file")
    try:
        result = word_lists.import_file(word_list=row, data=file.read() if file else b"", by=person(request))
    except word_lists.BadFile as refused:
        return _refused(request, refused, _list, row, errors=refused.lines)
    except Refused as refused:
        return _refused(request, refused, _list, row)
    told = {"added": result.added, "known": result.known, "left_out": result.left_out}
    detail = _("导入完成：新增%(added)d个词，已有%(known)d个，略过%(left_out)d行（空行、重复或只有一个字）。") % told
    return done(request, detail, to=reverse("word_list", args=[row.pk]))


@require_POST
@_only_keepers
@answers_refusals
def remove(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The list is gone, with its words."""
    row = get_object_or_404(WordList, pk=list_id)
    word_lists.remove(word_list=row, by=person(request))
    return done(request, _("词表“%(name)s”已删除。") % {"name": row.name}, to=reverse("word_lists"))


@require_safe
@never_cache
@_only_keepers
def attempt(request: HttpRequest) -> HttpResponse:
    """What a text would set off now: nothing is kept."""
    return _lists(request, form=WordListForm(), tried=request.GET.get("text", "")[: QUESTION_LIMIT * 2])


def _settings(form: WordListForm) -> dict[str, Any]:
    # What is missing or wrong is told by the verb, in one place for forms and scripts.
    return {name: form[name].data or "" for name in ("name", "category", "consequence")} | {"pinyin": bool(form["pinyin"].data)}


def _lists(request: HttpRequest, *, form: WordListForm, tried: str = "", status: int = 200, refused: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "lists": word_lists.all_lists(),
        "form": form,
        "tried": tried,
        "refused": refused,
        "edits": is_editor(person(request)),
    }
    if tried:
        seen = vocabulary.look(clean(tried))
        rows = [
            {"start": f.start, "end": f.end, "kind": f.kind, "found": f.found, "why": f.why, "consequence": f.consequence}
            for f in seen.findings
        ]
        context |= {"seen": seen, "pieces": highlights.cut(clean(tried), rows, masked=False)}
    return render(request, "moderation/word_lists.html", context, status=status)


def _list(request: HttpRequest, row: WordList, *, status: int = 200, form: WordListForm | None = None, **given: Any) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:60]
    words = row.words.filter(text__contains=wanted) if wanted else row.words.all()
    context = {
        "list": row,
        "form": form or WordListForm(initial={name: getattr(row, name) for name in ("name", "category", "consequence", "pinyin")}),
        "words": Paginator(words, WORDS_PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "edits": is_editor(person(request)),
    }
    return render(request, "moderation/word_list.html", context | given, status=status)


def _refused(request: HttpRequest, refused: Refused, page: View, *args: Any, **given: Any) -> HttpResponse:
    if wants_json(request):
        return as_json(refused)
    return page(request, *args, status=STATUS[refused.code], refused=refused, **given)
