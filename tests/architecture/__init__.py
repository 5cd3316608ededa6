"""Tests that hold the house rules: contracts of imports, rules of source, locks and records."""
