from pathlib import Path
from uuid import uuid4

import pytest

from rehearsal import script, sums
from rehearsal.cast import Cast, Member
from rehearsal.pace import Pace
from rehearsal.people import Netizen, Over, Seated, Slip
from rehearsal.play import Play, token
from rehearsal.sums import Report
from tests.rehearsal.company import gather
from tests.rehearsal.scripts import DECLINED, QUESTION, REMARK, WAITING, written
from tests.server import Server

LATER = QUESTION.replace("at = -60", "at = 3")


async def states(play: Play) -> dict[str, int]:
    await sums.receipts(report := Report(), play)
    return report.counts["states"]


async def test_a_play_leaves_every_question_as_the_script_says(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK, QUESTION, DECLINED, WAITING, LATER)
    play = Play(url=server.url, script=script.read(path), cast=gather(server, path, prefix="whole"), pace=Pace(0))
    await play.run()
    assert play.refusals == []
    await sums.receipts(report := Report(), play)
    assert (report.wrong, report.counts["states"]) == ([], {"answered": 2, "declined": 1, "received": 1})


async def test_a_play_that_is_to_stay_gives_way_to_people_and_ends_when_they_close(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK, QUESTION, LATER)
    cast = gather(server, path, prefix="way")
    first = Play(url=server.url, script=script.read(path), cast=cast, pace=Pace(0), stay=True)
    slips = [
        await Netizen(server.url, cast.programme_id).ask(token=fate.token, nickname="", text="有人吗？", plain=True) for fate in first.fates
    ]
    async with Seated(server.url, cast.moderators[0], f"inbox:{cast.programme_id}", cast.programme_id) as person:
        await person.do("inbox/", "decline/", question=await person.find(slips[0].number), reason="unclear", words="")
    # As after a restart: what was asked is known, but not that somebody has declined the first.
    known = {fate.token: (slip, "received") for fate, slip in zip(first.fates, slips, strict=True)}
    play = Play(url=server.url, script=script.read(path), cast=cast, pace=Pace(0), stay=True, known=known)
    await play.run()
    assert await states(play) == {"answered": 1, "declined": 1}

    async with Seated(server.url, cast.host, f"desk:{cast.programme_id}", cast.programme_id) as host:
        await host.do("desk/", "close/")
    # The first remark has been said already, by the same cast: only the second comes too late.
    for turn in (LATER, REMARK + REMARK.replace("各位网友好", "各位网友再见")):
        late = Play(url=server.url, script=script.read(written(tmp_path, turn)), cast=cast, pace=Pace(0), stay=True, opened=True)
        with pytest.raises(BaseExceptionGroup) as ended:
            await late.run()
        assert ended.group_contains(Over)


async def test_the_prelude_asks_and_screens_what_comes_before_the_opening(server: Server, tmp_path: Path):
    path = written(tmp_path, REMARK, QUESTION, LATER)
    cast = gather(server, path, prefix="prelude")
    play = Play(url=server.url, script=script.read(path), cast=cast, pace=Pace(0), stay=True)
    await play.prelude()
    assert [fate.slip is not None for fate in play.fates] == [True, False]
    assert await states(play) == {"approved": 1}
    slip = play.fates[0].slip
    assert slip is not None
    known = {play.fates[0].token: (slip, "approved")}
    again = Play(url=server.url, script=script.read(path), cast=cast, pace=Pace(0), stay=True, known=known)
    await again.prelude()
    assert await states(again) == {"approved": 1}


@pytest.mark.parametrize(
    ("state", "remembered"), [("received", (True, False, False)), ("approved", (True, True, False)), ("answered", (True, True, True))]
)
def test_what_happened_before_is_remembered(tmp_path: Path, state: str, remembered: tuple[bool, bool, bool]):
    slip = Slip("0730-001", "/receipts/1/", 0.0)
    cast = _nobody()
    known = {token(cast, 0): (slip, state), token(cast, 7): (slip, state)}
    play = Play(url="", script=script.read(written(tmp_path, QUESTION, WAITING)), cast=cast, pace=Pace(0), known=known)
    first, second = play.fates
    assert (first.slip, (first.asked.is_set(), first.decided.is_set(), first.answered)) == (slip, remembered)
    assert (second.slip, second.asked.is_set(), second.decided.is_set(), second.answered) == (None, False, False, False)


def test_tokens_are_the_same_for_the_same_cast_and_turn_alone():
    one, other = _nobody(), _nobody()
    assert token(one, 1) == token(one, 1)
    assert len({token(one, 1), token(one, 2), token(one, -1), token(other, 1)}) == 4


def _nobody() -> Cast:
    member = Member("", "", "")
    return Cast(programme_id=uuid4(), host=member, stenographer=member, moderators=[member], editor=member)
