"""The service report: its look, its words and its fonts."""
