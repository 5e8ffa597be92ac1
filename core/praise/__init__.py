"""What somebody did well, counted from outcomes: one's own numbers, the week of a team, achievements. Nobody is shamed."""
