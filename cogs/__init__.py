"""The Discord side of Easel: the only package that imports discord."""
