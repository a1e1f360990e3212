"""What people look at and press: rows, panels, pages, sheets."""
