"""Collects public fees and proves every night that each đồng arrived.

Floors, imports only going down: doors (cli, app, worker, web, simulation) → use_cases → db,
outside, paper → domain; below them the packages `reconciliation` and `bank_adapters`.
"""
