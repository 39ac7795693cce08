using System;

namespace SmallCnnGen.Cli;

/// <summary>Ends a command with a message for the user.</summary>
internal sealed class CommandException(string message, Exception? cause = null) : Exception(message, cause);
