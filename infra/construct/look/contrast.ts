/** A colour as #rrggbb. */
export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)

/** The ratio of two colours' luminances, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(first: string, second: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(first), luminanceOf(second)].toSorted((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** What WCAG asks of text at level AA. */
export const minContrast = 4.5

/** Black or white, whichever is easier to read on a colour. */
export const textOn = (color: string): string =>
  contrastOf(color, '#ffffff') >= contrastOf(color, '#000000') ? '#ffffff' : '#000000'

/** The first of a hundred steps from a colour to white that can be read on a dark ground. */
export function lightenFor(ground: string, color: string): string {
  const tints = Array.from({ length: 101 }, (_, step) => mixWithWhite(color, step / 100))
  return tints.find((tint) => contrastOf(tint, ground) >= minContrast) ?? '#ffffff'
}

const channelsOf = (color: string): readonly number[] =>
  [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))

function mixWithWhite(color: string, share: number): string {
  const mixed = channelsOf(color).map((channel) => Math.round(channel + (255 - channel) * share))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

// WCAG 2.2, "relative luminance".
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
