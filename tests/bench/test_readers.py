"""Simulated readers understand answers as they come over a line: in pieces, without a body, with the next one behind."""

import pytest

from bench.polling.readers import Answer, Odd, places

TIP = b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W/"Xk3v-q2A-3-241-2.0"\r\n\r\nhello'


@pytest.mark.parametrize("size", [1, 7, len(TIP)])
def test_an_answer_is_complete_with_its_last_byte(size):
    answer = Answer()
    taken = [answer.take(TIP[start : start + size]) for start in range(0, len(TIP), size)]
    assert taken == [False] * (len(taken) - 1) + [True]
    assert (answer.status, answer.etag) == (200, 'W/"Xk3v-q2A-3-241-2.0"')


def test_what_is_known_already_has_no_body():
    answer = Answer()
    assert answer.take(b'HTTP/1.1 304 Not Modified\r\netag: W/"a-1-2-2.0"\r\n\r\n')
    assert (answer.status, answer.etag) == (304, 'W/"a-1-2-2.0"')


def test_an_answer_without_a_length_or_with_more_than_it_is_odd():
    with pytest.raises(Odd, match="expected a length"):
        Answer().take(b"HTTP/1.1 200 OK\r\n\r\nhello")
    with pytest.raises(Odd, match="got 3 bytes more"):
        Answer().take(TIP + b"HTT")


def test_a_tag_tells_where_the_topic_stands():
    assert places('W/"Xk3v-q2A-3-241-2.0"') == ("Xk3v-q2A", 3, 241)
