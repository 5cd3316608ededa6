"""Statement dialects of banks: bytes in, `Statement` values out; decides nothing about books."""
