import pytest
from django.core.exceptions import PermissionDenied

from organisations.models import Kind, Organisation, RegistryChange
from organisations.operator import CONSOLE
from organisations.registry import find, merge
from tests import scenes as make

pytestmark = pytest.mark.django_db


def test_an_organisation_is_found_by_its_name_or_an_unambiguous_short_name():
    water = make.organisation(name="市自来水公司", short_name="水司")
    assert (find(" 市自来水公司 "), find("水司"), find("煤司"), find("")) == (water, water, None, None)
    make.organisation(name="县自来水公司", short_name="水司")
    assert find("水司") is None


def test_merging_moves_what_pointed_at_the_dropped_one_and_records_what_it_said():
    keep, drop = make.organisation(), make.organisation(phone="0000-1", sector="供水")
    programme = make.programme(unit=drop)
    assert merge(keep=keep, drop=drop, by=CONSOLE) == keep
    programme.refresh_from_db()
    assert programme.unit == keep
    assert list(Organisation.objects.all()) == [keep]
    change = RegistryChange.objects.get()
    assert (change.actor, change.action) == ("console", "merge")
    assert change.details == {
        "kept": keep.name,
        "dropped": drop.name,
        "said": {"short_name": "", "sector": "供水", "phone": "0000-1", "address": ""},
    }


def test_merging_departments_moves_their_enterprises():
    keep, drop = make.organisation(kind=Kind.DEPARTMENT), make.organisation(kind=Kind.DEPARTMENT)
    company = make.organisation(parent=drop)
    merge(keep=keep, drop=drop, by=CONSOLE)
    company.refresh_from_db()
    assert company.parent == keep


def test_what_was_merged_meanwhile_is_told_and_not_recorded_twice():
    keep, drop = make.organisation(), make.organisation()
    merge(keep=keep, drop=Organisation.objects.get(pk=drop.pk), by=CONSOLE)
    with pytest.raises(ValueError, match="已经不在目录里"):
        merge(keep=keep, drop=drop, by=CONSOLE)
    assert RegistryChange.objects.count() == 1


def test_what_cannot_be_merged_stays():
    one, department = make.organisation(), make.organisation(kind=Kind.DEPARTMENT)
    for pair in ((one, one), (one, department)):
        with pytest.raises(ValueError, match="。"):
            merge(keep=pair[0], drop=pair[1], by=CONSOLE)
    with pytest.raises(PermissionDenied):
        merge(keep=one, drop=make.organisation(), by=make.user())
