"""Statements written as text, each parsed once: parsing costs as much as a small statement."""

from functools import lru_cache

import sqlalchemy
from sqlalchemy import TextClause


@lru_cache(maxsize=1024)
def text(statement: str) -> TextClause:
    """Return a statement whose values are written `:name`; equal texts are one object."""
    return sqlalchemy.text(statement)
