"""Reading what people want to be reminded of, and telling them."""
