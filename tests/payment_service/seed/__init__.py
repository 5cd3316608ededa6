"""Tests of the facts a fresh database starts from."""
