"""Who exists: units, people and the positions they hold, the addresses they are reached at, and who manages whom."""
