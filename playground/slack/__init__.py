"""A local stand-in of Slack: Web API, signed deliveries, Socket Mode, modals and App Home."""
