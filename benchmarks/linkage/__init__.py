"""Our linkage and Splink side by side, on the same files in one run: `make bench-linkage`."""
