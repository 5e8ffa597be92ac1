"""Customers and what they say: one conversation per customer and line, led by the assistant or by a human."""
