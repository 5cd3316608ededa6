"""Tests of the matching; everything here is pure."""
