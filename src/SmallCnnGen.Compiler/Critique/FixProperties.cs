namespace SmallCnnGen.Compiler.Critique;

/// <summary>Names of the properties that findings hand to code fixes. Part of the contract with fixes and reports.</summary>
public static class FixProperties
{
    /// <summary>Kind of change; absent when nothing mechanical is known.</summary>
    public const string Fix = "fix";

    /// <summary>Name of the argument the finding is about.</summary>
    public const string Argument = "argument";

    /// <summary>New value of the argument, or the attribute to insert, as C#.</summary>
    public const string Suggested = "suggested";

    /// <summary>Value that is replaced.</summary>
    public const string Current = "current";

    /// <summary>Full name of the layer the message is about.</summary>
    public const string Layer = "layer";

    /// <summary>Kind: write <see cref="Suggested"/> as the argument's value, adding the argument where it is not written.</summary>
    public const string SetArgument = "setArgument";

    /// <summary>Kind: insert the attribute <see cref="Suggested"/> before the layer.</summary>
    public const string InsertBefore = "insertBefore";

    /// <summary>Kind: put the attributes <see cref="Suggested"/> (one on each line) in place of the layer.</summary>
    public const string ReplaceLayer = "replaceLayer";

    /// <summary>Kind: take the layer away.</summary>
    public const string RemoveLayer = "removeLayer";

    /// <summary>Kind: take the argument away.</summary>
    public const string RemoveArgument = "removeArgument";

    /// <summary>Kind: write <see cref="Suggested"/> for the word <see cref="Current"/> in the argument's strings.</summary>
    public const string ReplaceWord = "replaceWord";
}
