// The compiler needs this type for init accessors and records; .NET Standard 2.0 does not have it.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;
