"""Tests of the window, part by part; `offscreen` unless a display is asked for."""
