"""From frames to tracks: landmarks of one person, pelvis and feet below the pixel."""
