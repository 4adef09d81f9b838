"""What `slotbook doctor` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """One thing looked at: fine, a warning, or trouble that needs somebody."""

    subject: str
    text: str
    level: str = "ok"

    def line(self) -> str:
        """Return it as one line of output."""
        mark = {"ok": "ok     ", "warning": "warning", "trouble": "TROUBLE"}[self.level]
        return f"{mark}  {self.subject}: {self.text}"
