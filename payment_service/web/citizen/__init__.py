"""Pages for people who pay."""
