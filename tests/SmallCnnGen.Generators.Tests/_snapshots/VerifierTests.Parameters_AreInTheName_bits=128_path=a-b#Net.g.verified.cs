//HintName: Net.g.cs
// bits
