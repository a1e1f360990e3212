"""What moderators are told: noted as it happens, written for them, brought to their channel; and what is reported."""
