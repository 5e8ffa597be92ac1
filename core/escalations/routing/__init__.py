"""Applying the rules to a case: team, person, target, announcement."""
