import { type Comparison, figureOf } from './comparison.ts'

const width = 940
const labels = 400
const bar = { height: 20, gap: 8, max: 330 }

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function panel({ title, unit, rows }: Comparison, top: number): { readonly svg: string; readonly height: number } {
  const largest = Math.max(...rows.map(({ value }) => value))
  const bars = rows.map((row, index) => {
    const y = top + 34 + index * (bar.height + bar.gap)
    const length = Math.max(2, (Math.max(0, row.value) / largest) * bar.max)
    const figure = figureOf(row, unit)
    return `<text class="label" x="${labels - 10}" y="${y + 15}" text-anchor="end">${escapeXml(row.name)}</text>
<rect class="${row.ours ? 'ours' : 'other'}" x="${labels}" y="${y}" width="${length.toFixed(1)}" height="${bar.height}" rx="3"/>
<text class="figure" x="${(labels + length + 8).toFixed(1)}" y="${y + 15}">${figure}</text>`
  })
  const heading = `<text class="title" x="20" y="${top + 18}">${escapeXml(title)}: less is better</text>`
  return { svg: [heading, ...bars].join('\n'), height: 34 + rows.length * (bar.height + bar.gap) + 26 }
}

/** All comparisons one below the other, as an SVG that reads on light and dark pages. */
export function plot(comparisons: readonly Comparison[], caption: string): string {
  let top = 20
  const panels = comparisons.map((comparison) => {
    const { svg, height } = panel(comparison, top)
    top += height
    return svg
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + 24}" width="${width}" font-family="system-ui, sans-serif" font-size="13">
<style>
  .title { font-weight: 600; font-size: 15px; fill: #24292f } .label, .figure, .caption { fill: #424a53 }
  .ours { fill: #1f6feb } .other { fill: #afb8c1 } .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    .title { fill: #f0f6fc } .label, .figure, .caption { fill: #c9d1d9 } .other { fill: #57606a } .page { fill: #0d1117 }
  }
</style>
<rect class="page" width="100%" height="100%"/>
${panels.join('\n')}
<text class="caption" x="20" y="${top + 8}">${escapeXml(caption)}</text>
</svg>
`
}
