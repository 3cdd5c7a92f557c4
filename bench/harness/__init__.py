"""Runs the limit, tcplab and other load generators side by side."""
