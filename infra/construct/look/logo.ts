import { readFileSync } from 'node:fs'

const maxLength = 32 * 1024

/** The type of the picture in a file; undefined where it cannot be a logo. */
export function logoTypeOf(path: string): 'image/png' | 'image/svg+xml' | undefined {
  const bytes = read(path)
  if (!bytes || bytes.length > maxLength) return undefined
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'image/png'
  return isSvg(bytes.toString('utf8')) ? 'image/svg+xml' : undefined
}

/** What is allowed, and what is wrong with a file that is refused. */
export function allowedLogo(path: unknown): string {
  const allowed = `the path of an SVG or PNG file of at most ${maxLength / 1024} KB, from the working directory`
  const bytes = typeof path === 'string' ? read(path) : undefined
  if (typeof path !== 'string' || path.includes('\0')) return allowed
  if (!bytes) return `${allowed} (there is no such file)`
  if (bytes.length > maxLength) return `${allowed} (this one has ${bytes.length} bytes)`
  return `${allowed} (this one is neither a PNG nor an SVG with xmlns="http://www.w3.org/2000/svg")`
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

// Without its namespace no browser shows it as a picture.
const isSvg = (text: string): boolean =>
  /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE|svg)/.test(text) &&
  /<svg\s[^>]*\bxmlns=["']http:\/\/www\.w3\.org\/2000\/svg["']/.test(text) &&
  text.isWellFormed() &&
  !text.includes('\uFFFD')

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
