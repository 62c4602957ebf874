import pytest

from accounts.addresses import UNKNOWN, client_address, range_of, sender_of, storable

PROXIES = ["10.0.0.0/8", "192.0.2.1", "2001:db8:ffff::/48"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "6.6.6.6, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        ("10.1.2.3", "203.0.113.9:4711", "203.0.113.9"),
        ("10.1.2.3", "::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:ffff::1", "2001:db8::5", "2001:db8::5"),
        ("10.1.2.3", "[2001:db8::5]:4711", "2001:db8::5"),
    ],
)
def test_our_proxies_are_believed_as_far_as_they_wrote(peer, forwarded, address):
    assert client_address(peer=peer, forwarded=forwarded, trusted=PROXIES) == address


@pytest.mark.parametrize("forwarded", ["203.0.113.9", "10.0.0.1", "203.0.113.9, 192.0.2.1", "127.0.0.1, 10.0.0.1"])
def test_nobody_else_is_believed(forwarded):
    assert client_address(peer="198.51.100.7", forwarded=forwarded, trusted=PROXIES) == "198.51.100.7"
    assert client_address(peer="198.51.100.7", forwarded=forwarded, trusted=[]) == "198.51.100.7"


@pytest.mark.parametrize("forwarded", ["", "unknown", "203.0.113.9, unknown", "203.0.113.9,", "203.0.113.999", "x" * 9000, "1, , ,"])
def test_what_cannot_be_read_ends_at_the_last_proxy_that_spoke(forwarded):
    assert client_address(peer="192.0.2.1", forwarded=forwarded, trusted=PROXIES) == "192.0.2.1"


def test_a_chain_of_nothing_but_our_proxies_is_the_farthest_of_them():
    assert client_address(peer="192.0.2.1", forwarded="10.0.0.1, 10.0.0.2", trusted=PROXIES) == "10.0.0.1"


def test_a_proxy_on_a_unix_socket_is_believed_when_it_is_named():
    assert client_address(peer="", forwarded="203.0.113.9", trusted=["unix"]) == "203.0.113.9"
    assert client_address(peer="", forwarded="203.0.113.9", trusted=[]) == "0.0.0.0"


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "0.0.0.0"),
    ],
)
def test_one_household_is_one_sender(address, sender):
    assert sender_of(address) == sender


@pytest.mark.parametrize(
    ("text", "kept", "reach"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (UNKNOWN, None, None),
        ("unix", None, None),
    ],
)
def test_what_a_row_keeps_and_the_range_in_which_a_person_changes_addresses(text, kept, reach):
    assert (storable(text), range_of(text)) == (kept, reach)
