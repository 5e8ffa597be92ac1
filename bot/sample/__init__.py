"""An invented company to try everything with: supermarkets from Lisbon to Vienna, and a small bakery as a second client."""

from pathlib import Path

FOLDER = Path(__file__).parent
