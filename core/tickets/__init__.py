"""A broken thing at a branch: opened, offered, accepted, repaired, approved, closed."""
