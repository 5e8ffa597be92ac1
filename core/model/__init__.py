"""What the model may cost in a day, and what it has cost."""
