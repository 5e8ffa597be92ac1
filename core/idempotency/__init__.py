"""A request that names itself with a key has its effect once, however often it is sent."""
