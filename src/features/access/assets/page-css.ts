/** The look of AiKore's own pages on the applications' origin. */
export const PAGE_CSS = `:root {
  color-scheme: light dark;
  --ground: #f4f5f8; --card: #fff; --ink: #1b1f2a; --soft: #5b6375; --line: #dfe3ec;
  --accent: #4f46e5; --on-accent: #fff; --log: #f0f2f7; --good: #15803d; --busy: #b45309; --bad: #b91c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1118; --card: #181b25; --ink: #e8eaf2; --soft: #9aa3b8; --line: #2a2f3d;
    --accent: #8b8bff; --on-accent: #0f1118; --log: #10131b; --good: #4ade80; --busy: #fbbf24; --bad: #f87171;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  width: min(46rem, 100%); padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; box-shadow: 0 10px 30px rgb(0 0 0 / 8%);
}
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
.soft { color: var(--soft); }
.badge {
  display: inline-block; margin-bottom: .75rem; padding: .1rem .65rem; border-radius: 99px;
  border: 1px solid currentColor; font-size: .8rem; font-weight: 600; color: var(--soft);
}
body[data-status="starting"] .badge, body[data-status="stalled"] .badge,
body[data-status="queued"] .badge, body[data-status="stopping"] .badge { color: var(--busy); }
body[data-status="started"] .badge { color: var(--good); }
body[data-status="error"] .badge { color: var(--bad); }
.bar { height: 3px; margin: 1rem 0; border-radius: 2px; overflow: hidden; background: var(--line); display: none; }
body[data-status="starting"] .bar, body[data-status="queued"] .bar,
body[data-status="started"] .bar, body[data-status="stalled"] .bar { display: block; }
.bar::before {
  content: ""; display: block; width: 35%; height: 100%; background: var(--accent);
  animation: slide 1.4s ease-in-out infinite;
}
@keyframes slide { from { transform: translateX(-100%); } to { transform: translateX(300%); } }
@media (prefers-reduced-motion: reduce) { .bar::before { animation: none; width: 100%; opacity: .5; } }
/* Pages on the way to another one: whoever passes quickly sees nothing flash up. */
@keyframes appear { from { opacity: 0; } }
body[data-status="passing"] main { animation: appear .15s .4s backwards; }
.phase { font-weight: 600; }
pre {
  margin: 1rem 0; padding: .9rem 1rem; max-height: 20rem; overflow: auto; background: var(--log);
  border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
.action {
  display: inline-block; margin-top: .75rem; padding: .5rem 1.1rem; border-radius: 8px;
  background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none;
}
button.action { border: 0; font: inherit; font-weight: 600; cursor: pointer; }
button.action:disabled { opacity: .6; cursor: default; }
.problem { color: var(--bad); }
label { display: block; margin-top: 1rem; font-weight: 600; }
input {
  display: block; width: 100%; max-width: 22rem; margin-top: .25rem; padding: .5rem .7rem; font: inherit;
  color: var(--ink); background: var(--log); border: 1px solid var(--soft); border-radius: 8px;
}
a { color: var(--accent); }
a.action { color: var(--on-accent); }
a:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.action:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
`;
