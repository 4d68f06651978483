/** The one style sheet. Colours of the system, light and dark; no font and no picture from elsewhere. */
export const style = `
:root{color-scheme:light dark;--ink:#1c1c1e;--soft:#58585f;--ground:#f4f4f6;--card:#fff;--line:#83838c;--accent:#1d4ed8;--on:#fff;--bad:#b3140f}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f4;--soft:#b4b4bc;--ground:#111113;--card:#1c1c1f;--line:#7c7c86;--accent:#8fb3ff;--on:#0b1020;--bad:#ff9d97}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:26rem;margin:0 auto;padding:clamp(1rem,6vh,4rem) 1rem}
section{background:var(--card);border-radius:12px;padding:1.5rem;box-shadow:0 1px 3px #0003}
header{margin:0 0 1rem;font-weight:600;color:var(--soft)}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
p,ul{margin:0 0 1rem}
ul{padding-inline-start:1.25rem}
ul.rows{list-style:none;padding:0}
ul.rows>li{border-top:1px solid var(--line);padding:.75rem 0}
label{display:block;font-weight:600;margin:0 0 .25rem}
input:not([type=hidden]){width:100%;font:inherit;color:inherit;background:var(--card);padding:.625rem .75rem;margin:0 0 1rem;border:1px solid var(--line);border-radius:8px}
button{width:100%;font:inherit;font-weight:600;padding:.625rem .75rem;margin:0 0 .75rem;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on);cursor:pointer}
button.second{background:none;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[role=alert]{color:var(--bad);font-weight:600}
[role=alert].plain{color:inherit;font-weight:inherit}
[hidden]{display:none}
.soft{color:var(--soft)}
a{color:var(--accent)}
summary{cursor:pointer;color:var(--accent);padding:.25rem 0}
details[open]>summary{margin:0 0 .5rem}
details{margin:0 0 .75rem}
section>:last-child,form:last-child>button:last-child{margin-bottom:0}
`
