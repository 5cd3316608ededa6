"""Records: one file for each noun with every query on it; the only rooms that speak SQL."""
