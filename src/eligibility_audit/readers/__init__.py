"""Read rosters and reference lists: every line as received, every line accounted for."""
