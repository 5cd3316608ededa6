"""Tests of the benchmarks' shape; never of speed."""
