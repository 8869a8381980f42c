"""Tests of the suggesters: each rule on sentences of its own, their sum on the samples, and the worker process."""
