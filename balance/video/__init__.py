"""Frames in and out: files, time stamps, upright, cameras, samples."""
