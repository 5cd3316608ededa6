"""The database schema, step by step; tables, triggers, roles and constraints are plain SQL here."""
