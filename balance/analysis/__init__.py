"""From a recording to its assessment. Pure: numpy and scipy, no disk, no clock."""
