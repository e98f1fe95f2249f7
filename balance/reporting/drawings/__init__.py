"""Drawings of exercises and foot positions."""
