from organisations.operator import CONSOLE


def test_the_console_keeps_the_registry_and_has_a_name_for_the_record():
    assert (CONSOLE.may_keep_registry(), CONSOLE.get_username()) == (True, "console")
