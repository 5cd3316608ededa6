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
    if len(contents) == 1:
        return leaf_hash(contents[0])
    split = 1 << ((len(contents) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(contents[:split]) + root(contents[split:])).digest()
