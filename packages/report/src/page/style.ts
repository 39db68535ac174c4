import { ON_DARK } from "../drawing/palette.ts";

/** Lines are lighter on a dark ground. */
const LIGHTER = Object.entries(ON_DARK)
  .map(
    ([colour, lighter]) =>
      `  [stroke="${colour}"] { stroke: ${lighter}; } [fill="${colour}"] { fill: ${lighter}; }`,
  )
  .join("\n");

/** The page's style sheet: light and dark by the reader's preference, one column on narrow screens, black on white in print. */
export const STYLE: string = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --ground: #ffffff; --raised: #f6f8fa; --line: #d0d7de; --accent: #0072b2; --bad: #b34700; --tint: #fde6d8; --good: #d8f0e2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa5b1; --ground: #12161c; --raised: #1a2028; --line: #343d48; --accent: #56b4e9; --bad: #f0883e; --tint: #4a2a1c; --good: #1d4030; }
${LIGHTER}
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 24px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); }
main > section:first-child h2 { margin-top: .6rem; padding-top: 0; border: 0; }
h3 { font-size: 1.1rem; margin: 0 0 .3rem; }
p { margin: .5rem 0; max-width: 75ch; overflow-wrap: anywhere; }
a { color: var(--accent); }
nav { position: sticky; top: 0; z-index: 1; background: var(--ground); border-bottom: 1px solid var(--line); }
nav ul { list-style: none; display: flex; gap: 1.2rem; overflow-x: auto; white-space: nowrap; max-width: 1080px; margin: 0 auto; padding: .45rem 20px; font-size: .92rem; }
section, figure { scroll-margin-top: 3rem; } [id$="-open"] { scroll-margin-top: 6rem; }
summary { cursor: pointer; }
summary h2 { display: inline; border: 0; }
section:has(> details > summary > h2) { border-top: 1px solid var(--line); padding: .6rem 0; }
section:has(> details > summary > h2) h2 { font-size: 1.15rem; padding: 0; margin: 0; }
section > details[open] > summary:has(h2) { margin-bottom: .8rem; }
.n { white-space: nowrap; }
.failed { background: var(--tint); color: var(--bad); font-weight: 600; }
.badge { font-weight: 600; white-space: nowrap; }
.badge { padding: 0 .45em; border-radius: 4px; background: var(--raised); font-size: .9em; }
td.badge { border-radius: 0; }
.claim { overflow: hidden; margin-top: 1.6rem; } .claim > a { float: left; width: 132px; margin: 0 14px 4px 0; color: inherit; } .claim svg { display: block; width: 100%; height: auto; }
.badge.good { background: var(--good); }
.badge.poor { background: var(--tint); color: var(--bad); }
.overview { margin: .8rem 0 1.2rem; }
.overview figcaption { font-weight: 600; margin-bottom: .2rem; }
.squares, .strips { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 4px 14px; }
.squares p { margin: 0; font-size: .9rem; }
.squares svg { display: block; width: 100%; max-width: 300px; height: auto; }
.strips svg { display: block; width: 100%; height: auto; }
.strips.narrow { display: none; }
.mover { display: none; }
@media (prefers-reduced-motion: no-preference) { .mover { display: inline; animation: 9s linear infinite; } }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .92em; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .6rem 0; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table.dense { font-size: .78rem; } .dense :is(th, td) { padding: .25rem .4rem; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
th, td { padding: .28rem .7rem; text-align: left; white-space: nowrap; vertical-align: baseline; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; }
tbody:has(td:first-child) tr:has(> th) > * { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
.right { text-align: right; }
.pale { color: var(--soft); }
table.wrap :is(td, tbody th) { white-space: normal; min-width: 9rem; }
blockquote { margin: .6rem 0; padding: 0 0 0 1rem; border-left: 3px solid var(--line); color: var(--soft); }
.failure { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .8rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.meanings { font-size: .85rem; color: var(--soft); }
.meanings dt { font-weight: 600; }
figure { margin: 1.6rem 0 2.4rem; }
figcaption { margin-bottom: .6rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; padding: 0; margin: .5rem 0; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.legend svg { width: 26px; height: 12px; flex: none; }
.panels { display: grid; gap: 14px 24px; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); }
.panels.lead { grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr); } .panels.lead > :first-child { grid-row: span var(--beside); }
.panels svg { display: block; width: 100%; height: auto; max-width: var(--widest); }
.note { font-size: .85rem; color: var(--soft); }
.note + .note { margin-top: 0; }
footer { color: var(--soft); font-size: .9rem; padding-top: 1rem; padding-bottom: 3rem; }
@media (max-width: 760px) {
  .panels, .panels.lead { grid-template-columns: minmax(0, 1fr); }
  .panels.lead > :first-child { grid-row: auto; }
  .strips.wide { display: none; }
  .strips.narrow { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0; }
  .squares { gap: 4px 6px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  th, td { padding: .28rem .4rem; }
  table.stack, table.stack :is(caption, tbody, tr, td, th) { display: block; }
  table.stack thead, table.stack td:is(.same, :empty) { display: none; }
  table.stack tr { border-top: 1px solid var(--line); padding: .4rem 0; }
  table.stack :is(td, tbody th) { padding: .1rem 0; white-space: normal; overflow-wrap: anywhere; }
  table.stack tbody tr > :is(td, th) { border: 0; }
  table.stack td.right { text-align: left; }
  table.stack td::before { content: attr(data-title) ": "; color: var(--soft); font-weight: 400; }
  header p { font-size: .92rem; line-height: 1.4; }
  nav ul { padding: .35rem 14px; }
  h1 { font-size: 1.3rem; margin-bottom: .3rem; }
  header { padding-top: 12px; }
  header, main, footer { padding-left: 14px; padding-right: 14px; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --ground: #fff; --raised: #fff; --line: #999; --accent: #000; --bad: #000; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .strips.narrow, .mover { display: none; }
  details::details-content { display: block; content-visibility: visible; }
  .scroll { overflow: visible; }
  table { font-size: 7.6pt; }
  th, td { padding: .15rem .35rem; }
  .panels { grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 8px 12px; }
  dl { grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
  dd { margin: 0; }
  figure { margin: 1rem 0; }
  figure, .panels svg, h2, h3, tr, .scroll { break-inside: avoid; }
  h2, h3, figcaption, caption, .legend { break-after: avoid; }
}
`;
