"""Trainings past their deadline: imported, announced once a day up the chain, answered until nobody is late."""
