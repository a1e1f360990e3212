"""How fast Easel is and how large it grows, as ratios to a bare floor measured in the same run.

Three programs serve the same stand-ins, each a process of its own: `floor` does nothing but pass a picture on, `easel`
is the real bot, `plain` is the bot that Google's and discord.py's guides lead to.
"""
