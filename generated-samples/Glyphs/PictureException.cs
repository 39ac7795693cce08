using System;

namespace Glyphs;

/// <summary>A file is not a picture this program can read; the message says why and what to do, without the file's name.</summary>
internal sealed class PictureException(string message) : Exception(message);
