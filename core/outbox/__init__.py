"""Everything that leaves: Notification (the intent) -> Delivery (one message to one address) -> Attempt -> Receipt."""
