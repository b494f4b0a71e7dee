"""Rules on the COVID relief of 2020: one-off payments already made."""
