"""What the commands do, without asking or printing: the command line and a web app call the same actions."""
