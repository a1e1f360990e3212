"""What is asked: which picture is meant and where it comes from, what goes with it, and in which shape it comes."""
