"""Tests of the pages and dialogs."""
