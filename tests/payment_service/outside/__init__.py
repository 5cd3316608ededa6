"""Calls that leave the house, against real sockets on this machine."""
