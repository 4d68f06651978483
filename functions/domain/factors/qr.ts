import { encode } from 'uqr'

// ISO/IEC 18004 asks for four light modules on each side.
const quietZone = 4

/**
 * A QR code as an SVG image. It has a white ground of its own, quiet zone included, so that a dark page does not swallow it,
 * and no text of the URI's, so that it may be written into a page as it is.
 */
export function qrSvg(uri: string): string {
  const { size, data } = encode(uri, { ecc: 'M', border: quietZone })
  const path = data.map((row, y) =>
    darkRuns(row)
      .map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)
      .join(''),
  )
  // Without crisp edges a scaled image has light seams between its rows.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${path.join('')}"/></svg>`
}

/** Where dark modules start in a row, and how many follow each other. */
function darkRuns(row: readonly boolean[]): readonly (readonly [start: number, length: number])[] {
  const isStart = (x: number) => row[x] === true && row[x - 1] !== true
  const ends = (x: number) => {
    const end = row.indexOf(false, x)
    return end < 0 ? row.length : end
  }
  return [...row.keys()].filter(isStart).map((x) => [x, ends(x) - x])
}
