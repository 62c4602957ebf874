from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.utils import timezone

from interview import transcript
from interview.states import ProgrammeState
from tests import scenes as make


def rendered(source, **context):
    return Template("{% load interview %}" + source).render(Context(context))


@pytest.mark.django_db
def test_the_addresses_of_staff_are_links_and_those_of_netizens_are_text():
    programme = make.programme(state=ProgrammeState.LIVE)
    said = transcript.publish_remark(
        programme=programme, text="请看 http://www.hubin.example/x。", by=make.seated(programme, "stenographer")
    )
    asked = transcript.publish_question(make.approved(programme, text="请看 http://www.hubin.example/x。"))
    assert rendered("{{ entry|words }}", entry=said) == (
        '<p>请看 <a href="http://www.hubin.example/x" rel="noopener noreferrer nofollow">http://www.hubin.example/x</a>。</p>'
    )
    assert rendered("{{ entry|words }}", entry=asked) == "<p>请看 http://www.hubin.example/x。</p>"


def test_plain_text_is_escaped_in_paragraphs():
    assert (
        rendered("{{ text|plain }}", text="<b>一</b>\n二\n\n三 http://a.example")
        == "<p>&lt;b&gt;一&lt;/b&gt;<br>二</p><p>三 http://a.example</p>"
    )


def test_what_staff_wrote_may_link():
    assert "<a href" in rendered("{{ text|staff_words }}", text="http://a.example/x")


def test_the_time_left_is_counted_from_now():
    assert rendered("{{ moment|until }}", moment=timezone.now() + timedelta(days=3, hours=4, minutes=1)) == "还有3天4小时"


@pytest.mark.django_db
def test_a_picture_is_below_the_media_address_or_beside_a_page_on_disk():
    guest = make.guest(make.programme(), portrait="portraits/a.webp")
    assert rendered("{% media_url guest.portrait %}", guest=guest) == "/media/portraits/a.webp"
    assert rendered("{% media_url guest.portrait %}", guest=guest, media_base="pictures/") == "pictures/portraits/a.webp"


@pytest.mark.django_db
def test_the_rooms_of_a_programme_say_which_one_this_is(rf):
    programme = make.programme(state=ProgrammeState.LIVE)
    request = rf.get(f"/staff/interviews/{programme.pk}/typist/")
    request.user = make.seated(programme, "host")
    template = Template(
        "{% load staff %}{% rooms_here programme as rooms %}{% for room in rooms %}{{ room.label }}{{ room.here|yesno:'!,' }} {% endfor %}"
    )
    assert template.render(Context({"request": request, "programme": programme})) == "答问台 速录! "


@pytest.mark.django_db
def test_a_stranger_has_no_rooms(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    template = Template("{% load staff %}{% rooms_here programme as rooms %}{{ rooms|length }}")
    assert template.render(Context({"request": request, "programme": make.programme()})) == "0"
