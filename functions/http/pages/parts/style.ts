import { type Accent, cardColors } from '../../../domain/setting-rules.ts'

/** What the owner chooses of how pages look. */
export type Look = { readonly accent: Accent; readonly hasLogo: boolean }

export const defaultAccent: Accent = { light: '#1d4ed8', onLight: '#fff', dark: '#8fb3ff', onDark: '#0b1020' }

/** The one style sheet, for light and dark; no font from elsewhere. */
export const styleOf = ({ light, onLight, dark, onDark }: Accent): string => `
:root{color-scheme:light dark;--ink:#1c1c1e;--soft:#58585f;--ground:#f4f4f6;--card:${cardColors.light};--line:#83838c;--accent:${light};--on:${onLight};--bad:#b3140f}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f4;--soft:#b4b4bc;--ground:#111113;--card:${cardColors.dark};--line:#7c7c86;--accent:${dark};--on:${onDark};--bad:#ff9d97}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:26rem;margin:0 auto;padding:clamp(1rem,6vh,4rem) 1rem}
section{background:var(--card);border-radius:12px;padding:1.5rem;box-shadow:0 1px 3px #0003}
header{margin:0 0 1rem;font-weight:600;color:var(--soft)}
header img{display:block;height:2.5rem;width:auto;max-width:100%;object-fit:contain;object-position:left}
h1{font-size:clamp(1.25rem,6.5vw,1.5rem);line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.125rem;line-height:1.25;margin:1.5rem 0 .5rem}
p,ul{margin:0 0 1rem}
ul{padding-inline-start:1.25rem}
ul.plain{list-style:none;padding:0}
ul.rows{list-style:none;padding:0}
ul.rows>li{border-top:1px solid var(--line);padding:.75rem 0}
ul.codes{list-style:none;padding:0;font-size:clamp(.8125rem,4vw,1rem);font-family:ui-monospace,monospace}
code{display:block;font:inherit;font-family:ui-monospace,monospace}
.qr{max-width:16rem;margin:0 auto 1rem}
.qr svg{display:block}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
label{display:block;font-weight:600;margin:0 0 .25rem}
input:not([type=hidden],[type=checkbox]){width:100%;font:inherit;color:inherit;background:var(--card);padding:.625rem .75rem;margin:0 0 1rem;border:1px solid var(--line);border-radius:8px}
input[readonly]{background:var(--ground)}
label.choice{display:flex;gap:.5rem;align-items:baseline;font-weight:inherit;margin:0 0 1rem}
[type=checkbox]{flex:none;width:1rem;height:1rem;margin:0;accent-color:var(--accent);transform:translateY(.125rem)}
button{width:100%;font:inherit;font-weight:600;padding:.625rem .75rem;margin:0 0 .75rem;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on);cursor:pointer}
button.second{background:none;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[role=alert]{color:var(--bad);font-weight:600}
[role=alert].plain{color:inherit;font-weight:inherit}
[hidden]{display:none}
.soft{color:var(--soft)}
.hint{color:var(--soft);font-size:.875rem;margin:0 0 .375rem}
a{color:var(--accent)}
summary{cursor:pointer;color:var(--accent);padding:.25rem 0}
details[open]>summary{margin:0 0 .5rem}
details{margin:0 0 .75rem}
section>:last-child,:is(section,li,details)>form:last-child>button:last-child,div:has(+[hidden]:last-child)>:last-child{margin-bottom:0}
`
