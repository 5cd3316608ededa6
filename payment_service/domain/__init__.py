"""Rules without I/O: prices, postings, states, calendar, errors."""
