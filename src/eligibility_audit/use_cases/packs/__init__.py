"""Packs of a run: for each district an encrypted zip, for each commune what it may see and nothing else."""
