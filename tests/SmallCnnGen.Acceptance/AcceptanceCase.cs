using System;
using System.Globalization;
using SmallCnnGen.Compiler.Model;
using SmallCnnGen.Testing.Kit;
using SmallCnnGen.Tooling;

namespace SmallCnnGen.Acceptance;

/// <summary>Something to try: a case of the kit, declared from its own description or by the Zoo.</summary>
/// <param name="Id">Name in the report.</param>
/// <param name="Kit">What must come out.</param>
/// <param name="Zoo">The Zoo's declaration; null: the kit's description is turned into one.</param>
internal sealed record AcceptanceCase(string Id, KitCase Kit, Type? Zoo)
{
    private const string ZooNamespace = "KitNetworks.Zoo";

    /// <summary>A case of the kit.</summary>
    public AcceptanceCase(KitCase kit)
        : this(kit.Id, kit, null)
    {
    }

    /// <summary>What a declaration of the Zoo is called in reports.</summary>
    public static string ZooId(Type network) => "Zoo." + network.Name;

    /// <summary>The declaration as a specification.</summary>
    /// <exception cref="KitNotSupportedException">It cannot be declared.</exception>
    public NetworkSpec Specify() => Zoo is null ? KitSpec.Make(Kit) : ReflectionSpecReader.Read(Zoo);

    /// <summary>The declaration as source text, for one register width.</summary>
    /// <exception cref="KitNotSupportedException">It cannot be declared.</exception>
    public CaseRun Declare(int width)
    {
        if (Zoo is not null)
        {
            return new CaseRun(
                this,
                width,
                ZooNamespace,
                Zoo.Name,
                KitDeclaration.WriteVariant(Zoo, ZooNamespace, Zoo.Name, width),
                KitDeclaration.WriteAdapter(ZooNamespace, Zoo.Name, Kit.Inputs.Length));
        }

        NetworkSpec spec = KitSpec.Make(Kit, width);
        return new CaseRun(this, width, spec.Namespace, spec.TypeName, KitDeclaration.Write(spec), KitDeclaration.WriteAdapter(spec));
    }
}

/// <summary>One case at one width, as a declaration.</summary>
/// <param name="Case">The case.</param>
/// <param name="Width">Register width in bits.</param>
/// <param name="Namespace">Namespace of the declaration.</param>
/// <param name="TypeName">Its class.</param>
/// <param name="Declaration">Its source text.</param>
/// <param name="Adapter">Source text of the adapter.</param>
internal sealed record CaseRun(AcceptanceCase Case, int Width, string Namespace, string TypeName, string Declaration, string Adapter)
{
    public KitCase Kit => Case.Kit;

    public string Label => Case.Id + " @" + Width.ToString(CultureInfo.InvariantCulture);

    public string Path => TypeName + ".cs";
}
