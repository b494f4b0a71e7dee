"""What the other lists say of a case, brought in as columns before the rules run."""
