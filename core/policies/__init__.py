"""Who is told after how long, and what else is done: ordered steps, frozen with the case when it starts."""
