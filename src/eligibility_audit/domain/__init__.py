"""The ground: words, kinds, dates, three-valued conditions, ids."""
