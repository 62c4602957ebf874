"""The digest can be made again by anybody who knows the rule."""

from hashlib import sha256

from moderation import chain


def test_the_rule_is_sha256_of_sorted_compact_json_with_the_digest_before():
    columns = {"words": "请写清楚。", "number": 2, "by": None}
    canonical = '{"by":null,"number":2,"previous":"ab","words":"请写清楚。"}'
    assert chain.digest(columns, previous="ab") == sha256(canonical.encode()).hexdigest()


def test_every_column_and_the_order_count():
    digests = [
        chain.digest({"a": 1, "b": 2}, previous=""),
        chain.digest({"a": 2, "b": 1}, previous=""),
        chain.digest({"a": 1, "b": 2}, previous="0"),
    ]
    assert len(set(digests)) == 3
