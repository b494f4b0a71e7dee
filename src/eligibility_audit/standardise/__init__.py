"""Change form, never meaning: text, names, dates, ids, money, places."""
