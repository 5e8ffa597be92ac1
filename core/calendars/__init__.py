"""When people may be told: their quiet hours, on their own clock."""
