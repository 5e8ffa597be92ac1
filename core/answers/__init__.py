"""What the assistant may say for a client: patterns it recognises and articles it looks things up in."""
