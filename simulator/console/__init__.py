"""How every command speaks and ends. Imports no command, and nothing that a command works with."""
