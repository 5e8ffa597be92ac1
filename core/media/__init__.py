"""Photos and files that people sent: first a handle of the platform, then bytes in a content-addressed folder."""
