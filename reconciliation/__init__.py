"""Whether books and bank agree, decided by evidence that no other assignment could satisfy.

Pure: Arrow tables in, Arrow tables out; no database, clock, network, file or environment.
"""
