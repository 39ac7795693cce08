using System.Text;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Writes indented C# with \n line ends, whatever the machine or its culture.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Whether ReadyToRun is to compile the kernels written, else the JIT or an ahead-of-time compiler.</summary>
    public bool IsReadyToRun { get; init; }

    /// <summary>Length so far in characters.</summary>
    public int Length => _text.Length;

    /// <summary>Writes one line; an empty one is not indented.</summary>
    public CodeWriter Line(string text = "")
    {
        if (text.Length > 0)
            _text.Append(' ', _indent * 4).Append(text);
        _text.Append('\n');
        return this;
    }

    /// <summary>Writes several lines.</summary>
    public CodeWriter Lines(string text)
    {
        foreach (string line in text.Replace("\r", string.Empty).Split('\n'))
            Line(line);
        return this;
    }

    /// <summary>Opens a brace and indents.</summary>
    public CodeWriter Open(string header)
    {
        Line(header);
        Line("{");
        _indent++;
        return this;
    }

    /// <summary>Closes a brace.</summary>
    public CodeWriter Close(string after = "")
    {
        _indent--;
        return Line("}" + after);
    }

    /// <summary>The text.</summary>
    public override string ToString() => _text.ToString();
}
