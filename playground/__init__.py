"""Local stand-in of the chat platform with a page; knows nothing of slotbook."""
