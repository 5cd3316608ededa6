"""Merkle tree hashes exactly as RFC 6962 §2.1 defines them, over SHA-256."""

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def root(contents: Sequence[bytes]) -> bytes:
    """Return the tree head of leaves in their order; of none, the hash of nothing."""
    if not contents:
        return hashlib.sha256(b"").digest()
    # Level by level: halves at a power of two are pairs, and what is left over moves up.
    level = [leaf_hash(content) for content in contents]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        alone = level[len(level) & ~1 :]
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + alone
    return level[0]
