"""Numbers for search indexes, derived from ids so that they are the same on every machine and after every import."""

import hashlib


def index_key(identifier: str) -> int:
    """A positive 63-bit number; two of a million ids share one with a chance of one in ten million."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=8).digest(), "big") >> 1
