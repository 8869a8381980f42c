"""Tests of the panels on both sides of the article."""
