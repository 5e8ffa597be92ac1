"""Whose turn it is: ticks (one firing of a job, once on any number of machines), leases, and the settings kept in the database."""
