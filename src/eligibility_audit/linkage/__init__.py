"""Who is the same person: candidate pairs, comparisons, weights, clusters."""
