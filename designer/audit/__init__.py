"""The audit trail: who did what, from which address, and with which outcome."""
