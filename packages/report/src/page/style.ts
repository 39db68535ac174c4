/** The page's style sheet: light and dark by the reader's preference, one column on narrow screens, black on white in print. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --ground: #ffffff; --raised: #f6f8fa; --line: #d0d7de; --accent: #0072b2; --bad: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa5b1; --ground: #12161c; --raised: #1a2028; --line: #343d48; --accent: #56b4e9; --bad: #f0883e; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 32px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 0 0 .3rem; }
p { margin: .5rem 0; max-width: 75ch; overflow-wrap: anywhere; }
a { color: var(--accent); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; padding: 0; margin: 1rem 0 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .92em; }
code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .6rem 0; }
.scroll { overflow-x: auto; margin: 1rem 0; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
#results table { width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
th, td { padding: .28rem .7rem; text-align: left; white-space: nowrap; vertical-align: baseline; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; }
tbody:has(td:first-child) tr:has(> th) > * { border-top: 1px solid var(--line); }
tbody th { font-weight: 600; }
.right { text-align: right; }
.pale { color: var(--soft); }
.bad td { color: var(--bad); font-weight: 600; }
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
.panels svg { display: block; width: 100%; height: auto; max-width: var(--widest); }
.note { font-size: .85rem; color: var(--soft); }
.note + .note { margin-top: 0; }
footer { color: var(--soft); font-size: .9rem; padding-top: 1rem; padding-bottom: 3rem; }
@media (max-width: 760px) {
  .panels { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  table.wrap, table.wrap :is(caption, tbody, tr, td, th) { display: block; }
  table.wrap thead { display: none; }
  table.wrap tr { border-top: 1px solid var(--line); padding: .4rem 0; }
  table.wrap :is(td, tbody th) { padding: .1rem 0; }
  table.wrap td.right { text-align: left; }
  table.wrap td::before { content: attr(data-title) ": "; color: var(--soft); }
  h1 { font-size: 1.5rem; }
  header, main, footer { padding-left: 14px; padding-right: 14px; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --ground: #fff; --raised: #fff; --line: #999; --accent: #000; --bad: #000; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav { display: none; }
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
