"""What each verb does: arguments to a command, and the command's result to a reply. One file per domain."""
