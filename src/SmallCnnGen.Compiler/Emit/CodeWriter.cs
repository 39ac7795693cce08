using System.Collections.Generic;
using System.Text;

namespace SmallCnnGen.Compiler.Emit;

/// <summary>Writes indented C# with \n line ends, whatever the machine or its culture.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Braces that each <see cref="Open(string)"/> not yet closed has written.</summary>
    private readonly Stack<int> _open = new();
    private int _indent;

    /// <summary>Starts at the left margin, or further in for text that enters another writer's.</summary>
    public CodeWriter(int indent = 0) => _indent = indent;

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

    /// <summary>Writes what another writer holds, indented as it is.</summary>
    public CodeWriter Append(CodeWriter other)
    {
        _text.Append(other._text);
        return this;
    }

    /// <summary>Opens a brace and indents.</summary>
    public CodeWriter Open(string header) => Open(header, 1);

    /// <summary>
    /// Opens the body of a method that computes with pointers. A project may compile with CheckForOverflowUnderflow, and a
    /// pointer minus something then counts as an overflow; C# has no way to say otherwise but a block.
    /// </summary>
    public CodeWriter OpenUnchecked(string header)
    {
        Open(header, 2);
        Line("unchecked");
        Line("{");
        _indent++;
        return this;
    }

    /// <summary>Closes the brace, or the two of an unchecked body.</summary>
    public CodeWriter Close(string after = "")
    {
        for (int braces = _open.Pop(); braces > 0; braces--)
        {
            _indent--;
            Line(braces == 1 ? "}" + after : "}");
        }

        return this;
    }

    private CodeWriter Open(string header, int braces)
    {
        Line(header);
        Line("{");
        _indent++;
        _open.Push(braces);
        return this;
    }

    /// <summary>The text.</summary>
    public override string ToString() => _text.ToString();
}
