using System.Collections.Generic;

namespace SmallCnnGen.Guidelines;

/// <summary>One row: a variant at every size of the table.</summary>
/// <param name="Name">What the paper calls it.</param>
/// <param name="Sizes">The network at each size, with its channels as shown.</param>
/// <param name="Arm">Images a second on the paper's ARM core at each size; empty for a row of ours.</param>
/// <param name="Gpu">Batches a second on its GPU.</param>
internal sealed record PaperRow(string Name, IReadOnlyList<(string Channels, Declaration Network)> Sizes, IReadOnlyList<double> Arm, IReadOnlyList<double> Gpu);

/// <summary>A table of ShuffleNet V2's section 2 (Ma 2018, arXiv 1807.11164).</summary>
/// <param name="Id">"G1".</param>
/// <param name="Title">What it varies.</param>
/// <param name="Sizes">The sizes, as the paper names them.</param>
/// <param name="Rows">Its rows; the first is what the others are compared with.</param>
internal sealed record PaperTable(string Id, string Title, IReadOnlyList<string> Sizes, IReadOnlyList<PaperRow> Rows);
