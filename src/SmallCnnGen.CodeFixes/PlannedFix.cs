using System;

namespace SmallCnnGen.CodeFixes;

/// <summary>One change, ready to be shown and applied, alone or with others of the same document.</summary>
/// <param name="Title">What the menu says; it names the new value.</param>
/// <param name="Apply">Makes the change.</param>
internal sealed record PlannedFix(string Title, Action<DeclarationEditor> Apply);
