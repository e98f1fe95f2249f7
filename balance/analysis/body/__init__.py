"""What is believed of the tracked body, and how the camera sees it. Pure."""
