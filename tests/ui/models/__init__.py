"""Tests of what stands between the project and what is painted."""
