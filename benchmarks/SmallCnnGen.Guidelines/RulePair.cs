namespace SmallCnnGen.Guidelines;

/// <summary>A network a rule speaks of, and the same network with the rule's advice followed.</summary>
/// <param name="Rule">"SCNN4001".</param>
/// <param name="What">What the two are.</param>
/// <param name="Criticised">As criticised.</param>
/// <param name="Advised">As advised.</param>
internal sealed record RulePair(string Rule, string What, Declaration Criticised, Declaration Advised);
