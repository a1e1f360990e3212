"""A stand-in for Discord: REST v10, gateway v10 and CDN over real sockets, with Discord's rules."""
