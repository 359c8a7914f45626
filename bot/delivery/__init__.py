"""Delivery: the pump that sends what is in the outbox, as fast as each platform may be sent to and no faster."""
