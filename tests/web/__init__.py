"""The pages, driven as officers drive them."""
