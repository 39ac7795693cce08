using System;
using System.Globalization;

namespace SmallCnnGen.Zoo.Tests.Costs;

/// <summary>How a source counts multiply-adds.</summary>
internal enum WorkCount
{
    /// <summary>As we do: convolutions and fully connected layers.</summary>
    Ours,

    /// <summary>Convolutions only.</summary>
    WithoutDense,

    /// <summary>One more for each output of a convolution, as for a bias.</summary>
    PlusConvolutionOutputs,

    /// <summary>One more for each element of an activation function.</summary>
    PlusActivations,

    /// <summary>One more for each element of an activation function and each element that is pooled.</summary>
    PlusActivationsAndPooling,
}

/// <summary>How a source counts parameters.</summary>
internal enum ParameterCount
{
    /// <summary>As we do: everything that is learned.</summary>
    Ours,

    /// <summary>Without the scales and shifts of batch normalisation.</summary>
    WithoutBatchNorm,
}

/// <summary>How a printed figure and ours compare.</summary>
internal enum Agreement
{
    /// <summary>Ours, rounded to the printed digits, is the printed one.</summary>
    Rounded,

    /// <summary>Ours, cut off after the printed digits, is the printed one.</summary>
    Truncated,

    /// <summary>They differ.</summary>
    Different,
}

/// <summary>What a source prints about a network.</summary>
/// <param name="Network">The Zoo's declaration.</param>
/// <param name="Source">Paper and table.</param>
/// <param name="Parameters">Parameters as printed, with their unit, or null.</param>
/// <param name="MultiplyAdds">Multiply-adds as printed, with their unit, or null.</param>
/// <param name="Reason">Why ours differ, or null.</param>
/// <param name="Work">How the source counts multiply-adds.</param>
/// <param name="Size">How it counts parameters.</param>
/// <param name="WorkDigit">Worth of the last digit of the printed multiply-adds that is not a filling zero; 0: of the last digit.</param>
internal sealed record PrintedFigure(
    Type Network,
    string Source,
    string? Parameters,
    string? MultiplyAdds,
    string? Reason = null,
    WorkCount Work = WorkCount.Ours,
    ParameterCount Size = ParameterCount.Ours,
    long WorkDigit = 0)
{
    /// <summary>Compares a number with a printed one.</summary>
    /// <param name="printed">The printed one.</param>
    /// <param name="ours">The number.</param>
    /// <param name="lastDigit">Worth of the last digit that counts; 0: of the last digit that is printed.</param>
    public static Agreement Compare(string printed, long ours, long lastDigit = 0)
    {
        (decimal value, decimal digit) = Parse(printed);
        if (lastDigit > 0)
            digit = lastDigit;

        // Halves go either way: printers and spreadsheets disagree about them.
        if (Math.Abs(ours - value) <= digit / 2)
            return Agreement.Rounded;
        return Math.Floor(ours / digit) * digit == value ? Agreement.Truncated : Agreement.Different;
    }

    /// <summary>A printed number and the worth of its last digit.</summary>
    public static (decimal Value, decimal Digit) Parse(string printed)
    {
        decimal unit = printed[^1] switch { 'G' => 1e9m, 'M' => 1e6m, 'K' => 1e3m, _ => 1 };
        string digits = unit == 1 ? printed : printed[..^1];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : digits.Length - point - 1;
        decimal digit = unit;
        for (int i = 0; i < decimals; i++)
            digit /= 10;
        return (decimal.Parse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * unit, digit);
    }
}
