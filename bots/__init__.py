"""Chat adapters and what they share: durable intake, button payloads, drafts."""
