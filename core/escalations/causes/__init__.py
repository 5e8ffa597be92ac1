"""Why a human should look at what a customer has said."""
