namespace SmallCnnGen.Compiler.Report;

/// <summary>How report pages look: light or dark as the reader's system is, narrow or wide, on screen or paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet, with the same line ends whatever this file was checked out with.</summary>
    public static string Css { get; } = Source.Replace("\r", string.Empty);

    private const string Source = """
        :root {
          --page: #f6f7f9; --card: #ffffff; --ink: #1b2330; --quiet: #5b6675; --line: #dfe3e9; --band: #eef1f5; --accent: #2457b8;
          --compute: #3a6fd8; --cache: #1b998b; --memory: #d9822b; --weights: #8b6fc9; --read: #3a6fd8; --written: #1b998b; --warning: #b4530a; --warning-ground: #fdf0e2;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161c; --card: #1a2029; --ink: #e4e9f0; --quiet: #98a4b3; --line: #2c3542; --band: #202834; --accent: #8db4ff;
            --compute: #6f9dff; --cache: #43c2b2; --memory: #f0a653; --weights: #b39bee; --read: #6f9dff; --written: #43c2b2; --warning: #ffc078; --warning-ground: #3a2a17;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
        header, main, footer { max-width: 1320px; margin: 0 auto; padding: 0 20px; }
        header { padding-top: 30px; }
        footer { padding-bottom: 32px; color: var(--quiet); font-size: 13px; }
        a { color: var(--accent); text-underline-offset: 2px; }
        h1 { margin: 0 0 18px; font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
        h2 { margin: 0 0 4px; font-size: 18px; }
        .kicker { margin: 0 0 4px; color: var(--quiet); font-size: 13px; }
        .lead { margin: -12px 0 18px; color: var(--quiet); font-size: 16px; }
        .note { margin: 0 0 14px; color: var(--quiet); max-width: 104ch; }
        section { margin: 0 0 18px; padding: 18px 20px 20px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        .figures { display: grid; grid-template-columns: repeat(6, 1fr); gap: 0; padding: 0; overflow: hidden; }
        .figure { padding: 14px 16px; box-shadow: 1px 1px 0 var(--line); }
        .figure .label { color: var(--quiet); font-size: 13px; }
        .figure .value { font-size: 24px; line-height: 1.3; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .figure .detail { color: var(--quiet); font-size: 12.5px; }
        h3 { margin: 0; font-size: 15px; }
        .rule { padding-top: 12px; } .rule + .rule { margin-top: 12px; border-top: 1px solid var(--line); }
        .rule ul { margin: 6px 0 0; padding: 0; list-style: none; }
        .rule li { position: relative; max-width: 112ch; padding: 3px 0 3px 34px; overflow-wrap: anywhere; }
        .rule li .mark { position: absolute; left: 0; top: 6px; }
        .rule li:target { background: var(--band); }
        .badge { display: inline-block; margin-left: 6px; padding: 0 8px; font-weight: 400; border-radius: 10px; background: var(--band); color: var(--quiet); font-size: 12px; text-align: center; }
        .badge.warning { background: var(--warning-ground); color: var(--warning); }
        .mark { display: inline-block; min-width: 18px; padding: 0 5px; border-radius: 9px; background: var(--warning-ground); color: var(--warning); font-size: 11px; line-height: 17px; text-align: center; text-decoration: none; }
        .chart, .scroll { overflow-x: auto; }
        .chart svg { display: block; width: 100%; min-width: 660px; height: auto; }
        .plot svg { min-width: 480px; }
        .pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 26px; align-items: start; }
        .legend { margin: 0 0 12px; font-size: 13px; }
        .legend span { display: inline-block; margin-right: 14px; white-space: nowrap; }
        i { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 2px; background: var(--quiet); }
        i.compute { background: var(--compute); } i.cache { background: var(--cache); } i.memory { background: var(--memory); }
        table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
        caption { padding-bottom: 4px; text-align: left; color: var(--quiet); }
        th, td { padding: 5px 9px; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; vertical-align: baseline; }
        th { color: var(--quiet); font-weight: 600; }
        .num, th.num { text-align: right; }
        td.name { min-width: 120px; white-space: normal; }
        td.op { min-width: 210px; white-space: normal; }
        table.layers { font-size: 12.5px; } .layers td.name { white-space: nowrap; } .layers wbr { display: none; } table.layers th, table.layers td { padding: 4px 6px; }
        .layers th { white-space: normal; vertical-align: bottom; } .layers td.op { min-width: 150px; } .layers .share { min-width: 56px; }
        /* Wider than most windows and higher: its head, and the bar that moves it sideways, stay in view; a shadow says that more is on the right. */
        .wide { max-height: calc(100vh - 24px); overflow: auto; background: linear-gradient(to left, var(--card), transparent) right / 40px 100% no-repeat local, linear-gradient(to left, color-mix(in srgb, var(--ink) 22%, transparent), transparent) right / 28px 100% no-repeat scroll; }
        .wide th { position: sticky; top: 0; z-index: 2; background: var(--card); box-shadow: inset 0 -1px 0 var(--line); } .wide th.name { z-index: 3; }
        @media (min-width: 1400px) { #layers { margin-left: calc((1280px - min(100vw - 72px, 1640px)) / 2); margin-right: calc((1280px - min(100vw - 72px, 1640px)) / 2); } }
        th.name, td.name { position: sticky; left: 0; background: var(--card); z-index: 1; }
        .share { min-width: 84px; background: linear-gradient(to right, color-mix(in srgb, var(--compute) 26%, transparent) var(--share), transparent 0) left center / 100% 62% no-repeat; }
        .fused, .kernel, .free td { color: var(--quiet); }
        tfoot td { font-weight: 600; border-bottom: 0; }
        svg text { fill: var(--ink); font-size: 12px; }
        svg .small { fill: var(--quiet); font-size: 11.5px; }
        svg .head { font-size: 13px; font-weight: 600; }
        svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
        svg .on { fill: var(--ink); pointer-events: none; }
        svg .grid { stroke: var(--line); } svg .axis { stroke: var(--quiet); }
        svg .limit { stroke: var(--memory); stroke-width: 1.5; stroke-dasharray: 6 4; }
        svg .band { fill: var(--band); }
        svg rect.compute { fill: var(--compute); } svg rect.weights { fill: var(--weights); } svg rect.read { fill: var(--read); } svg rect.written { fill: var(--written); }
        svg .live { fill: var(--cache); fill-opacity: 0.35; stroke: var(--cache); stroke-width: 1.2; }
        svg .hover { fill: transparent; }
        svg .region { stroke: var(--card); stroke-width: 1; } svg .region:hover, svg rect.compute:hover, svg .dot:hover { fill-opacity: 1; stroke: var(--ink); }
        svg .shade0 { fill: var(--cache); fill-opacity: 0.62; } svg .shade1 { fill: var(--cache); fill-opacity: 0.42; } svg .shade2 { fill: var(--compute); fill-opacity: 0.42; }
        svg .dot { fill-opacity: 0.4; stroke-width: 1.2; }
        svg .dot.compute { fill: var(--compute); stroke: var(--compute); } svg .dot.cache { fill: var(--cache); stroke: var(--cache); } svg .dot.memory { fill: var(--memory); stroke: var(--memory); }
        svg .computeroof { stroke: var(--compute); stroke-width: 2; } svg .cacheroof { stroke: var(--cache); stroke-width: 2; } svg .memoryroof { stroke: var(--memory); stroke-width: 2; }
        @media (max-width: 900px) {
          .figures { grid-template-columns: repeat(3, 1fr); }
          .pair { grid-template-columns: minmax(0, 1fr); }
        }
        @media (max-width: 520px) {
          header, main, footer { padding-left: 12px; padding-right: 12px; }
          section { padding: 14px 12px 16px; }
          .figures { grid-template-columns: repeat(2, 1fr); }
          .figure { padding: 11px 12px; }
          h1 { font-size: 24px; }
          td.name, .layers td.name { min-width: 96px; max-width: 140px; white-space: normal; overflow-wrap: break-word; } td.op { min-width: 150px; } .layers wbr { display: inline; }
        }
        @media print {
          @page { size: A4 landscape; margin: 12mm; }
          :root {
            --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #ccc; --band: #f1f1f1; --accent: #000;
            --compute: #3a6fd8; --cache: #1b998b; --memory: #d9822b; --weights: #8b6fc9; --read: #3a6fd8; --written: #1b998b; --warning: #8a3f06; --warning-ground: #fdf0e2;
          }
          body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          header, main, footer { max-width: none; padding: 0; }
          section { border: 0; padding: 0; margin-bottom: 16px; }
          h2, h3, .note { break-after: avoid; } #depth, #roofline, #arena { break-inside: avoid; }
          .figures { grid-template-columns: repeat(6, 1fr); } .figure { padding: 8px 10px; } .figure .value { font-size: 17px; }
          .pair { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } .chart svg { min-width: 0; max-height: 135mm; }
          .chart, .pair, tr, li { break-inside: avoid; }
          .chart, .scroll, .wide { overflow: visible; max-height: none; background: none; } .wide th, .wide th.name { position: static; box-shadow: none; } #layers { margin-left: 0; margin-right: 0; }
          .figures { border: 1px solid var(--line); }
          table { font-size: 8.5px; } th, td { padding: 2px 4px; } td.name, .layers td.name { min-width: 60px; max-width: 140px; white-space: normal; } .layers wbr { display: inline; } td.op { min-width: 0; } .share { min-width: 48px; }
          tfoot { display: table-row-group; } thead { display: table-header-group; } th.name, td.name { position: static; }
        }

        """;
}
