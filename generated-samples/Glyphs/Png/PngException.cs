using System;

namespace Glyphs.Png;

/// <summary>A file is not a PNG this program can read; the message says why and what to do, without the file's name.</summary>
internal sealed class PngException(string message) : Exception(message);
