import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib/core'
import fc from 'fast-check'
import { ensureBundled } from '../../../../infra/build/ensure-bundled.ts'
import { accentOf } from '../../../../infra/construct/look/accent.ts'
import { contrastOf } from '../../../../infra/construct/look/contrast.ts'
import { readSettings } from '../../../../infra/construct/settings/settings.ts'
import { TokenAuth } from '../../../../infra/construct/token-auth.ts'
import { synthesise } from '../../../support/builders/stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-logos-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function refusalOf(settings: Readonly<Record<string, unknown>>): string {
  try {
    return `accepted: ${JSON.stringify(readSettings({ signInPages: true, ...settings }))}`
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

// REQ-187
describe('an accent colour', () => {
  // By the formula of WCAG 2.2, worked out by other calculators.
  test.each([
    ['#ffffff', '#000000', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#1d4ed8', '#ffffff', 6.7],
    ['#ff0000', '#ffffff', 4],
  ])('%s has to %s the contrast %d', (first, second, contrast) => {
    expect(contrastOf(first, second)).toBeCloseTo(contrast, 1)
    expect(contrastOf(second, first)).toBe(contrastOf(first, second))
  })

  test.each([
    ['#777777', 4.47],
    ['#ffcc00', 1.51],
    ['#FFFFFF', 1],
  ])('%s is refused with what its contrast is and what is needed', (color, contrast) => {
    expect(refusalOf({ accentColor: color })).toBe(
      `Invalid settings:\n  accentColor: a colour as #rrggbb whose contrast to white is at least 4.5:1, so that links can be read (this one's is ${contrast}:1), not "${color}"`,
    )
  })

  test.each(['blue', '#12345', '#1234567', 'rgb(0,0,0)', '#000000;}', ''])('%p is no colour', (color) => {
    expect(refusalOf({ accentColor: color })).toContain('accentColor: a colour as #rrggbb')
  })

  test('that is accepted can be read on light and dark pages, and so can what stands on it', () => {
    const channel = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'))
    const color = fc.tuple(channel, channel, channel).map((channels) => `#${channels.join('')}`)
    fc.assert(
      fc.property(color, (accentColor) => {
        fc.pre(refusalOf({ accentColor }).startsWith('accepted'))
        const { light, onLight, dark, onDark } = accentOf(accentColor)
        const pairs: readonly (readonly [string, string])[] = [
          [light, '#ffffff'],
          [onLight, light],
          [dark, '#1c1c1f'],
          [onDark, dark],
        ]
        expect(pairs.filter(([text, ground]) => contrastOf(text, ground) < 4.5)).toEqual([])
        expect([onLight, onDark].every((text) => ['#ffffff', '#000000'].includes(text))).toBe(true)
        expect(accentOf(accentColor)).toEqual({ light, onLight, dark, onDark })
      }),
      { numRuns: 300 },
    )
  })

  test('goes to the pages as it is, and for the dark as the first tint that can be read', async () => {
    const stack = await synthesise({ signInPages: 'true', accentColor: '#7A1FA2' })

    for (const name of ['authorize', 'signIn'])
      expect(stack.lambda(name).variables).toMatchObject({ ACCENT: '#7a1fa2 #ffffff #a96dc3 #000000', LOGO: 'false' })
  })

  test('and a logo need pages', () => {
    const settings = { signInPages: false, accentColor: '#123456', logo: file('unused.svg', svg) }
    expect(refusalOf(settings)).toContain('accentColor: only together with signInPages')
    expect(refusalOf(settings)).toContain('logo: only together with signInPages')
  })
})

describe('a logo', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['too-big.svg', svg + ' '.repeat(32_768), `(this one has ${svg.length + 32_768} bytes)`],
    ['no-namespace.svg', '<svg viewBox="0 0 8 8"></svg>', '(this one is neither a PNG nor an SVG'],
    ['page.svg', `<!doctype html><html>${svg}`, '(this one is neither a PNG nor an SVG'],
    ['photo.png', 'GIF89a', '(this one is neither a PNG nor an SVG'],
    ['broken.svg', Buffer.concat([Buffer.from(svg), Buffer.from([0xff])]), '(this one is neither a PNG nor an SVG'],
    ['empty.png', '', '(this one is neither a PNG nor an SVG'],
    ['with-prolog.svg', `\uFEFF<?xml version="1.0"?>\n<!-- made by hand -->\n${svg}`, 'accepted'],
    ['exactly.svg', svg.padEnd(32_768), 'accepted'],
    ['one-pixel.png', png, 'accepted'],
  ])('%s is judged by what it holds', (name, content, expected) => {
    expect(refusalOf({ logo: file(name, content) })).toContain(expected)
  })

  test.each([join(folder, 'missing.svg'), folder, ''])('%p is refused, because there is no such file', (logo) => {
    const refusal = refusalOf({ logo })
    expect(refusal).toContain('an SVG or PNG file of at most 32 KB, from the working directory (there is no such file)')
  })

  test('stands beside the code of the function that serves it, and each service has its own', async () => {
    await ensureBundled()
    const app = new App()
    const logos = [file('first.svg', svg), file('second.png', png)]
    for (const [index, logo] of logos.entries())
      new TokenAuth(new Stack(app, `Stack${index}`), 'Auth', {
        ...{ signInPages: true, logo, issuer: 'https://auth.example.com' },
      })
    const { directory, stacks } = app.synth()

    const served = stacks.map(({ template }) => {
      const { Code } = Object.values(Object(template).Resources)
        .map((resource) => Object(resource).Properties)
        .find((properties) => properties.Environment?.Variables.LOGO_TYPE !== undefined)
      return readFileSync(join(directory, `asset.${Code.S3Key.replace('.zip', '')}`, 'logo'))
    })
    expect(served).toEqual([Buffer.from(svg), png])
  })

  test('has a route that is open, and the pages are told of it', async () => {
    const stack = await synthesise({ signInPages: 'true', logo: file('third.svg', svg) })
    const routes = stack.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties)

    expect(routes.find(({ RouteKey }) => RouteKey === 'GET /logo')).toMatchObject({ AuthorizationType: 'NONE' })
    expect(stack.lambda('discovery').variables).toMatchObject({ LOGO_TYPE: 'image/svg+xml' })
    expect(stack.lambda('signIn').variables).toMatchObject({ LOGO: 'true', ACCENT: '-' })
    const without = await synthesise({ signInPages: 'true' })
    expect(JSON.stringify(without.resources)).not.toContain('"GET /logo"')
    expect(without.lambda('discovery').variables).toMatchObject({ LOGO_TYPE: '-' })
  })
})
