"""Platforms: one folder each. They know their vendor and nothing of each other."""
