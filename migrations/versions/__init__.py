"""One file for each step; once landed, never edited."""
