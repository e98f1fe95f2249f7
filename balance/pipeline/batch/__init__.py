"""Many videos: on processes or a cluster, resumed, collected in one table."""
