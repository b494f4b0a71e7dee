"""The list that moves money, and what the payer says of it."""
