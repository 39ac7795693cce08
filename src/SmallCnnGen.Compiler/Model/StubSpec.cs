namespace SmallCnnGen.Compiler.Model;

/// <summary>
/// What is known of a network's members however wrong its declaration is, as C# that can be written. Compares by value and
/// holds no source positions.
/// </summary>
/// <param name="HintName">Name of the file without its ending.</param>
/// <param name="Namespace">Namespace of the class, empty for the global one.</param>
/// <param name="Types">Type declarations from the outside in, the network's own last ("partial class Net").</param>
/// <param name="TypeName">Name of the class, as its constructor is written.</param>
/// <param name="Type">The class from <c>global::</c>, with its type parameters.</param>
/// <param name="Options">The arguments of [Network] as far as they can be read.</param>
/// <param name="IsSettled">Whether these are all: false where the architecture that has the others cannot be found.</param>
/// <param name="Inputs">Names of the [Input] attributes in order.</param>
/// <param name="Taken">
/// Names that the user's own members have, and of methods and constructors also their parameters ("Load(string)"): what would
/// be declared twice.
/// </param>
/// <param name="Initializer">What a constructor has to call (" : base(default(int))"), or empty.</param>
/// <param name="CanConstruct">False when no constructor can be written, because parameters of the one it must call cannot be made up.</param>
/// <param name="SetsRequired">Whether the constructor has to say that it sets the members that are required.</param>
/// <param name="Blame">Id of the first error found while the declaration was read, or null.</param>
public sealed record StubSpec(
    string HintName,
    string Namespace,
    EquatableArray<string> Types,
    string TypeName,
    string Type,
    NetworkOptions Options,
    bool IsSettled,
    EquatableArray<string> Inputs,
    EquatableArray<string> Taken,
    string Initializer,
    bool CanConstruct,
    bool SetsRequired,
    string? Blame);
