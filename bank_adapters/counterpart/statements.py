"""The bank's side of statements: bytes that the readers read back to the same value.

A value that a format cannot carry raises `ValueError`, so that no simulated bank loses anything
without a word. What each format leaves out stands at its function.
"""

from bank_adapters.counterpart.statement_camt import write_camt053
from bank_adapters.counterpart.statement_csv import write_csv
from bank_adapters.counterpart.statement_mt940 import write_mt940
from bank_adapters.counterpart.statement_xlsx import write_xlsx

__all__ = ["write_camt053", "write_csv", "write_mt940", "write_xlsx"]
