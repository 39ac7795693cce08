using System;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>Ends an expansion after the finding that says why: a limit was passed, or there are too many findings already.</summary>
internal sealed class ExpansionStoppedException : Exception
{
}
