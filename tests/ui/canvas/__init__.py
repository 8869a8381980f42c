"""Tests of the article view: what is drawn where, what is clicked, what moves."""
