"""Signature checks over raw bytes, one file a family; the key record chooses the algorithm.

Whatever the bytes, a check raises nothing but `CallbackRejected`, and gives the same answer for a
wrong signature, a wrong algorithm and no key at all. How strong a key is, `signing_keys` says.
"""
