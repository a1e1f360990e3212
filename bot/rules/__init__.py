"""What moderators and operators may set, as plain values: rules, dimensions, allowances, amounts."""
