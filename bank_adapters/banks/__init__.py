"""Credit notices of banks, one file for each way of signing them."""
