"""Tests of reconciling Parquet tables, in process and on a cluster."""
