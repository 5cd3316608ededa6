"""What banks and gateways say, in our words.

Pure: bytes and values in, values out; no clock, network, file, database or environment.
Every dialect is read into the few types of `vocabulary`, which cannot be constructed wrong.
"""
