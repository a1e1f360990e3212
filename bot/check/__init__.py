"""`python -m bot check`: what is wrong with a set-up and how to mend it, told before anybody asks for a picture."""
