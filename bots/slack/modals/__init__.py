"""Windows in Slack: everything that is typed elsewhere, filled in; one file per subject."""
