/** Some things measured in turn in one run: the lower, the better. `ours` marks what we ship. */
export type Comparison = {
  readonly title: string
  /** What the figures are, and how they came about: what a reader must know in order not to be misled. */
  readonly says: string
  readonly unit: string
  /** The row that the others are compared with, 1 ×. */
  readonly base: string
  readonly rows: readonly Row[]
}

export type Row = { readonly name: string; readonly value: number; readonly ours: boolean; readonly note?: string }

const digits = (value: number) => (value < 10 ? 2 : value < 100 ? 1 : 0)

export const format = (value: number, unit: string): string => `${value.toFixed(digits(value))} ${unit}`

export const ratioOf = ({ base, rows }: Comparison, { value }: Row): number =>
  value / (rows.find(({ name }) => name === base)?.value ?? Number.NaN)

export function comparisonTable(comparison: Comparison): string {
  const rows = comparison.rows.map((row) => {
    const name = row.ours ? `**${row.name}**` : row.name
    return `| ${name} | ${format(row.value, comparison.unit)} | ${ratioOf(comparison, row).toFixed(2)} × | ${row.note ?? ''} |`
  })
  return [`### ${comparison.title}`, '', comparison.says, '', '| | | | |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}
