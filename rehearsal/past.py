"""A script as the record of an interview that was held long ago."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from archive import portal
from archive.importing import ImportedAnswer, ImportedGuest, ImportedProgramme, ImportedQuestion, ImportedRemark, import_transcript
from interview.models import Programme
from interview.states import ProgrammeState
from rehearsal.cast import organisation
from rehearsal.script import Asked, Said, Script

# Seven days, as most cities announce.
ANNOUNCED_BEFORE = timedelta(days=7)


def load(script: Script, *, key: str, by: User) -> Programme:
    """The script's interview, held at its own time, imported and archived; loaded twice it is there once."""
    programme = import_transcript(record(script, key=key), by=by)
    if programme.state != ProgrammeState.ARCHIVED:
        portal.publish(programme=programme, by=by)
    return programme


def record(script: Script, *, key: str) -> ImportedProgramme:
    """The script with every second turned into a time of its day. A script without a start is taken to start now."""
    start = script.start or timezone.now()

    def at(seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    def turn(one: Asked | Said) -> ImportedQuestion | ImportedRemark:
        if isinstance(one, Said):
            return ImportedRemark(at=at(one.at), text=one.text, guest=None if one.by == "host" else one.by)
        answer = None
        if one.answer_at is not None:
            answer = ImportedAnswer(at=at(one.answer_at), text=one.answer, guest=one.answer_by)
        declined = one.decision == "decline"
        return ImportedQuestion(
            received_at=at(one.at),
            text=one.text,
            nickname=one.nickname,
            answer=answer,
            reason=one.reason if declined else "",
            reason_words=one.words if declined else "",
        )

    return ImportedProgramme(
        key=key,
        title=script.title,
        topic=script.topic,
        unit=organisation(script.unit),
        opened_at=start,
        host=script.host.name,
        introduction=script.introduction,
        planned_minutes=script.minutes,
        announced_at=start - ANNOUNCED_BEFORE,
        guests=[
            ImportedGuest(key=guest.key, name=guest.name, post=guest.post, organisation=organisation(guest.unit) if guest.unit else None)
            for guest in script.guests
        ],
        turns=[turn(one) for one in script.turns],
    )
