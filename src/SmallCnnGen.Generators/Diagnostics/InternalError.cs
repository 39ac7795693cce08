using System;

namespace SmallCnnGen.Generators.Diagnostics;

/// <summary>Words for a failure of our own.</summary>
internal static class InternalError
{
    /// <summary>One line that is enough for a report: what was thrown and from where.</summary>
    public static string Describe(Exception exception)
    {
        string trace = exception.StackTrace ?? string.Empty;
        int end = trace.IndexOf('\n');
        string frame = (end < 0 ? trace : trace.Substring(0, end)).Trim();
        string text = "SmallCnnGen failed: " + exception.GetType().Name + ": " + exception.Message;
        if (frame.Length > 0)
            text += " (" + frame + ")";

        // A diagnostic is one line, or build logs lose the rest.
        return text.Replace("\r", string.Empty).Replace('\n', ' ')
            + "; please report it at https://github.com/smallcnngen/smallcnngen/issues";
    }
}
