"""Blocks: laid on the asker of a question, listed and lifted by staff, appealed against by whoever knows the private address."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import range_of
from accounts.roles import is_editor
from interview.models import Programme, Question
from interview.models.question import may_be_receipt_token
from interview.text import number_of
from interview.views.admission import person
from interview.views.named import question_of
from interview.views.outcomes import done, wants_json
from interview.views.refusals import STATUS, answers_refusals
from moderation import blocks
from moderation.models import Block
from moderation.views.moderators import answered, only_moderators
from realtime.commands import Refused

LISTED = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_moderators
@answers_refusals
def block(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The form for the asker of one question; sent, they may not ask."""
    if request.method != "POST":
        return _form(request, programme, question_of(programme, request.GET.get("question", "")))
    question = question_of(programme, request.POST.get("question", ""))
    days = number_of(request.POST.get("days", ""), digits=5)
    try:
        blocks.block(
            question=question,
            scope=request.POST.get("scope", ""),
            everywhere="everywhere" in request.POST,
            days=-1 if days is None else days,
            reason=request.POST.get("reason", ""),
            by=person(request),
        )
    except Refused as refusal:
        if refusal.code != "invalid" or wants_json(request):
            raise
        # What was typed is still there, to be corrected.
        return _form(request, programme, question, refusal=refusal)
    return answered(request, question, _("已限制提问 %(label)s 的提问人。"))


@require_safe
@never_cache
@only_moderators
def listed(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """The blocks of this programme and of all, appeals first."""
    rows = list(blocks.listed(programme)[:LISTED])
    edits = is_editor(person(request))
    context = {"programme": programme, "blocks": [(row, edits or row.programme_id is not None) for row in rows]}
    return render(request, "moderation/blocks.html", context)


@require_POST
@only_moderators
@answers_refusals
def settle(request: HttpRequest, *, programme: Programme) -> HttpResponse:
    """Lift a block, or turn its appeal down."""
    row = _listed(programme, request.POST.get("block", ""))
    lift = request.POST.get("act") == "lift"
    blocks.settle(block=row, lift=lift, by=person(request))
    detail = _("限制已解除。") if lift else _("申诉已处理，限制不变。")
    return done(request, detail, to=reverse("blocks", args=[programme.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """What whoever is blocked reads, and the form of their one appeal."""
    response = _appeal(request, token)
    # The address is the key, as that of a receipt.
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _appeal(request: HttpRequest, token: str) -> HttpResponse:
    row = _find(token)
    if row is None:
        return render(request, "moderation/block_appeal.html", {"barred": None}, status=404)
    if request.method != "POST":
        return _appeal_page(request, row)
    try:
        blocks.appeal(token=token, words=request.POST.get("words", ""))
    except Refused as refusal:
        return _appeal_page(request, row, refusal=refusal)
    return redirect("block_appeal", token=token)


def _listed(programme: Programme, key: str) -> Block:
    try:
        return blocks.listed(programme).get(pk=UUID(key))
    except (ValueError, Block.DoesNotExist):
        raise Refused("not_found", "没有找到这项限制，可能页面已经过时。请刷新页面。") from None


def _find(token: str) -> Block | None:
    try:
        return blocks.find(token) if may_be_receipt_token(token) else None
    except Block.DoesNotExist:
        return None


def _appeal_page(request: HttpRequest, row: Block, *, refusal: Refused | None = None) -> HttpResponse:
    context = {"barred": row, "limit": blocks.LIMIT, "refusal": refusal, "words": request.POST.get("words", "")}
    return render(request, "moderation/block_appeal.html", context, status=STATUS[refusal.code] if refusal else 200)


def _form(request: HttpRequest, programme: Programme, question: Question, *, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "programme": programme,
        "question": question,
        "network": range_of(question.address or ""),
        "days": blocks.DAYS,
        "limit": blocks.LIMIT,
        "edits": is_editor(person(request)),
        "refusal": refusal,
        "given": request.POST,
    }
    return render(request, "moderation/block.html", context, status=STATUS[refusal.code] if refusal else 200)
