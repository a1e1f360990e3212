"""Who may have how much: permits, the gate and its fences, what is held and shown of them, and who decides."""
