"""Questions still open: a command some of whose arguments are missing, and the answers so far."""
