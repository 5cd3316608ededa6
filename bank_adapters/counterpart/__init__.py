"""The other side of each dialect as bytes, for simulations and tests: parse(write(x)) == x."""
