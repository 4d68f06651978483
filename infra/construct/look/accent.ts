import { type Accent, cardColors } from '../../../functions/domain/setting-rules.ts'
import { contrastOf, isColor, lightenFor, minContrast, textOn } from './contrast.ts'

/** Whether links in a colour can be read on the light pages. */
export const isAccentColor = (color: string): boolean =>
  isColor(color) && contrastOf(color, cardColors.light) >= minContrast

/** What is allowed, and what the contrast of a colour is that is refused for it. */
export const allowedAccent = (color: unknown): string =>
  `a colour as #rrggbb whose contrast to white is at least ${minContrast}:1, so that links can be read${measured(color)}`

const measured = (color: unknown): string =>
  typeof color === 'string' && isColor(color)
    ? ` (this one's is ${Math.floor(contrastOf(color, cardColors.light) * 100) / 100}:1)`
    : ''

/** The accent of light and dark pages: in the dark a lighter tint, and on each a text that can be read. */
export function accentOf(color: string): Accent {
  const light = color.toLowerCase()
  const dark = lightenFor(cardColors.dark, light)
  return { light, onLight: textOn(light), dark, onDark: textOn(dark) }
}
