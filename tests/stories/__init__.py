"""Whole days through HTTP and the command line."""
