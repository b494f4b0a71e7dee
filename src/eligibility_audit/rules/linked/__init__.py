"""Rules that hang on other lists: deaths, second lines, inspection findings, shared numbers, army records."""
