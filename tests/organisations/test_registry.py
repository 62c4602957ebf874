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


def test_merging_moves_what_pointed_at_the_dropped_one():
    keep, drop = make.organisation(), make.organisation()
    programme = make.programme(unit=drop)
    merge(keep=keep, drop=drop, by=CONSOLE)
    programme.refresh_from_db()
    assert programme.unit == keep
    assert not Organisation.objects.filter(pk=drop.pk).exists()
    assert RegistryChange.objects.get().details == {"kept": keep.name, "dropped": drop.name}


def test_what_cannot_be_merged_stays():
    one, department = make.organisation(), make.organisation(kind=Kind.DEPARTMENT)
    for pair in ((one, one), (one, department)):
        with pytest.raises(ValueError, match="。"):
            merge(keep=pair[0], drop=pair[1], by=CONSOLE)
    with pytest.raises(PermissionDenied):
        merge(keep=one, drop=make.organisation(), by=make.user())
