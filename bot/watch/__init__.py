"""What operators see and hear: logs, metrics, alarms, and what lies ahead."""
