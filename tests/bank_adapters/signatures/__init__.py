"""Tests of the signature checks."""
