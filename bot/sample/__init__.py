"""An invented company to try everything with: supermarkets from Lisbon to Vienna, and a small bakery as a second client."""
