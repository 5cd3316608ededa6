"""Measures the service against floors and peers on this machine; no part of the service."""
