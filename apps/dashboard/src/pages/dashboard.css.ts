/** One style sheet, light and dark by the reader's own setting. */
export const dashboardCss = `:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --raised: #ffffff; --ink: #1d2126; --quiet: #646c76; --line: #e3e5e8; --accent: #2458c5;
  --green: #1a7f4b; --blue: #2458c5; --amber: #96650a; --red: #b3302a; --gray: #646c76;
  --chip: #eef0f3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1b1f25; --ink: #e4e7eb; --quiet: #98a1ac; --line: #2b3139; --accent: #86aefc;
    --green: #58c98e; --blue: #86aefc; --amber: #e0b054; --red: #f08a83; --gray: #98a1ac;
    --chip: #272d35;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 3rem; max-width: 90rem;
  background: var(--ground); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--raised); padding: 0.25rem 0.75rem; }
.quiet { color: var(--quiet); }

.top { display: flex; align-items: baseline; gap: 1rem; flex-wrap: wrap; }
h1 { font-size: 1.5rem; font-weight: 650; letter-spacing: -0.01em; margin: 0; }
.top p { margin: 0; color: var(--quiet); font-size: 0.875rem; }
.top .reader { margin-left: auto; }
#connection::before {
  content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.4rem;
  border-radius: 50%; background: var(--gray);
}
#connection[data-state="live"]::before { background: var(--green); }
#connection[data-state="waiting"]::before { background: var(--amber); }
#connection[data-state="ended"]::before { background: var(--red); }

.search { display: flex; align-items: center; gap: 0.5rem; margin: 1rem 0 0; font-size: 0.875rem; }
.search label { color: var(--quiet); }
.search input, .search button {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line);
  border-radius: 6px; padding: 0.3rem 0.6rem;
}
.search input { width: min(18rem, 45vw); }
.search button { cursor: pointer; }

.tabs { display: flex; gap: 0.25rem 1.5rem; flex-wrap: wrap; margin: 1.25rem 0 0; border-bottom: 1px solid var(--line); }
.tabs a { color: var(--quiet); text-decoration: none; padding: 0.4rem 0; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tabs a:hover { color: var(--ink); }
.tabs a[aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
.count { font-variant-numeric: tabular-nums; font-weight: 650; }

.scroll { overflow-x: auto; }
table { width: 100%; min-width: 52rem; border-collapse: collapse; }
th, td { text-align: left; vertical-align: baseline; padding: 0.6rem 1rem 0.6rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 500; font-size: 0.8125rem; white-space: nowrap; }
tbody th { font-weight: 550; white-space: nowrap; }
tbody tr:hover { background: color-mix(in srgb, var(--chip) 45%, transparent); }
tbody tr.gone th, tbody tr.gone td { color: var(--quiet); }
.number { text-align: right; padding-right: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
.labels { display: flex; flex-wrap: wrap; gap: 0.25rem; list-style: none; margin: 0; padding: 0; }
.labels li { background: var(--chip); border-radius: 4px; padding: 0 0.4rem; font-size: 0.8125rem; line-height: 1.5rem; white-space: nowrap; }

.state { white-space: nowrap; }
.state::before {
  content: ""; display: inline-block; width: 0.55rem; height: 0.55rem; margin-right: 0.45rem;
  border-radius: 50%; background: currentColor;
}
.state.idle { color: var(--green); }
.state.busy { color: var(--blue); }
.state.requested, .state.pending { color: var(--amber); }
.state.offline, .state.deleted { color: var(--gray); }
.state.deleting, .state.failed { color: var(--red); }
td small { display: block; font-size: 0.8125rem; }

.empty { padding: 3rem 0; text-align: center; color: var(--quiet); }
.pager { display: flex; gap: 1rem; margin-top: 1rem; color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 40rem) { .top .reader { margin-left: 0; width: 100%; } }
`;
