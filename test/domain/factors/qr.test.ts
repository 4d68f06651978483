import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import decodeQR from 'qr/decode.js'
import { qrSvg } from '../../../functions/domain/factors/qr.ts'
import { newTotpSecret, totpUri } from '../../../functions/domain/factors/totp.ts'

/** The image as a screen on a dark page shows it, pixel by pixel: only rectangles and paths of them are drawn. */
function draw(svg: string, scale: number) {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]) * scale
  const data = new Uint8Array(size * size * 4)
  const paint = (x: number, y: number, width: number, height: number, shade: number) => {
    for (let row = y * scale; row < (y + height) * scale; row += 1) {
      data.fill(shade, (row * size + x * scale) * 4, (row * size + (x + width) * scale) * 4)
    }
  }
  for (const [, width, height] of svg.matchAll(/<rect width="(\d+)" height="(\d+)" fill="#fff"\/>/g)) {
    paint(0, 0, Number(width), Number(height), 255)
  }
  const path = /<path fill="#000" d="((?:M\d+ \d+h\d+v1h-\d+z)+)"\/>/.exec(svg)?.[1] ?? ''
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) paint(Number(x), Number(y), Number(width), 1, 0)
  return { width: size, height: size, data }
}

const account = (name: string) => totpUri({ secret: newTotpSecret(randomBytes), issuer: 'Example', account: name })

describe('a QR code', () => {
  test.each([
    ['a short name', account('ada')],
    ['an address', account('ada.lovelace@analytical-engine.example')],
    ['a name in another script', account('Ада Лавлейс')],
    ['the longest name', account('名'.repeat(85))],
  ])('of %s is read by another implementation', (_, uri) => {
    // Without a limit, the retries of the reader would depend on how busy the machine is.
    expect(decodeQR(draw(qrSvg(uri), 4), { format: 'RGBX', timeLimit: Number.POSITIVE_INFINITY })).toBe(uri)
  })

  test('has light modules of its own all around, four wide, for dark pages', () => {
    const { width, data } = draw(qrSvg(account('ada')), 1)
    const isLight = (x: number, y: number) => data[(y * width + x) * 4] === 255
    const indexes = [...Array(width).keys()]
    const margins = indexes.filter((index) => index < 4 || index >= width - 4)

    expect(margins.every((margin) => indexes.every((i) => isLight(margin, i) && isLight(i, margin)))).toBe(true)
    expect(isLight(4, 4)).toBe(false)
  })

  test('is an image by itself, and holds no text of what it encodes', () => {
    const svg = qrSvg('otpauth://totp/<script>alert(1)</script>')

    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^<>&]*>(?:<(?:rect|path)[^<>&]*\/>)+<\/svg>$/)
    expect(svg).not.toContain('script')
  })
})
