"""Finished runs: what is declared, and reading what was trained."""
