"""A small engine: topics, dense numbers, replay, fan-out; it knows no interview."""
