"""What is kept of a run and of the store: capsules and their replay, pruning, backup."""
