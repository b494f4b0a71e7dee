"""Load on the review: many officers on many cases."""
