"""Projects as older versions of the program left them, what each holds, and what made them: see README.md."""
