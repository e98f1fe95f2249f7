"""Steps that bring a store of any older version to the newest shape."""
