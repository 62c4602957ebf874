import uuid

from organisations.identifiers import new_id


def test_an_identifier_is_a_version_7_uuid_of_the_standard_library_and_they_sort_by_time():
    made = [new_id() for _ in range(1000)]
    assert {(type(each), each.version, each.variant) for each in made} == {(uuid.UUID, 7, uuid.RFC_4122)}
    assert (sorted(made), len(set(made))) == (made, 1000)
