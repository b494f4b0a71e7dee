"""Review a province's benefit rosters; recommend, never decide."""
