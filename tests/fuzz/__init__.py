"""Coverage-guided fuzzing of every parser and verifier; `make fuzz` runs the whole campaign."""
