"""The data sets: downloads, files and arrays."""
