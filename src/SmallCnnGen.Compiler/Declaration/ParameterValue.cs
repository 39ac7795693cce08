using System.Collections.Generic;
using SmallCnnGen.Compiler.Model;

namespace SmallCnnGen.Compiler.Declaration;

/// <summary>
/// What a block's parameter was given. Its numbers are computed where the block is used, with the names visible there;
/// inside the block they are plain values.
/// </summary>
/// <param name="Raw">The value as given, a string that named an outer parameter already replaced.</param>
/// <param name="Numbers">The integers it stands for (two for "1, 7"), or null when it is no expression.</param>
/// <param name="Problem">Why there are no numbers.</param>
internal sealed record ParameterValue(ArgumentValue Raw, IReadOnlyList<long>? Numbers, string Problem);
