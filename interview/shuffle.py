"""An order that is chance, but the same at every look: where places in a list could be bought, none is better."""

import hashlib

_BASIS, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF  # FNV-1a, 32 bits


def seed(*parts: object) -> str:
    """16 hexadecimal digits that tell nothing of the parts they are made of."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16]


def place(seed: str, element: str) -> str:
    """The place of an element's id in the list of this seed, compared as text; static/js/fragments.js finds the same."""
    value = _BASIS
    for byte in f"{seed}/{element}".encode():
        value = ((value ^ byte) * _PRIME) & _MASK
    # The last rounds mix ids that differ in their last letter only.
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        value = ((value ^ (value >> shift)) * factor) & _MASK
    return f"{value:08x}"
