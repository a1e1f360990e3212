"""What goes for good, from the database, from Discord and from the gallery; and what a member takes along."""
