import { gzipSync } from 'node:zlib'

/** What a route takes: members of a JSON object, or parameters of a form. */
export type Members = Readonly<Record<string, string>>

/** A body that must be refused, made of one that would be taken. */
export type HostileBody = {
  readonly name: string
  readonly make: (members: Members) => string | Buffer
  readonly contentType?: string
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

const values: readonly (readonly [string, (value: string) => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 0],
  ['true', () => true],
  ['an array', (value) => [value]],
  ['an empty array', () => []],
  ['an empty object', () => ({})],
  ['the operator $ne', () => ({ $ne: '' })],
  ['the operator $gt', () => ({ $gt: '' })],
  ['the operator $regex', () => ({ $regex: '.*' })],
  ['an attribute value', (value) => ({ S: value })],
  ['methods of a text', (value) => ({ toString: value, valueOf: value, length: value.length })],
  ['empty text', () => ''],
  ['NUL after it', (value) => `${value}\0`],
  ['NUL before it', (value) => `\0${value}`],
  ['half a character after it', (value) => `${value}\ud800`],
  ['half a character before it', (value) => `\udfff${value}`],
  ['10,000 characters', (value) => value.padEnd(10_000, 'x')],
]

/** Each member in turn as something that it must not be. */
export const hostileMembers = (names: readonly string[]): readonly HostileBody[] =>
  names.flatMap((name) =>
    values.map(([kind, change]) => ({
      name: `${kind} for ${name}`,
      make: (members: Members) => JSON.stringify({ ...members, [name]: change(members[name] ?? '') }),
    })),
  )

type Row = readonly [name: string, make: HostileBody['make'], contentType?: string]
const toBody = ([name, make, contentType = json]: Row): HostileBody => ({ name, make, contentType })

const text = (members: Members) => JSON.stringify(members)
const first = (members: Members) => Object.keys(members)[0] ?? ''

/** Texts that are no object, hold it where it is not looked for, or could be read in two ways. */
export const hostileTexts: readonly HostileBody[] = (
  [
    ['nothing', () => ''],
    ['a space', () => ' '],
    ['null', () => 'null'],
    ['a number', () => '1e999'],
    ['a text', (members) => JSON.stringify(text(members))],
    ['an array', (members) => `[${text(members)}]`],
    ['an object in an object', (members) => `{"body":${text(members)}}`],
    ['members in __proto__', (members) => `{"__proto__":${text(members)}}`],
    ['members in constructor.prototype', (members) => `{"constructor":{"prototype":${text(members)}}}`],
    ['a member twice', (members) => text(members).replace('{', `{"${first(members)}":"x",`)],
    ['an escaped member twice', (members) => text(members).replace('{', `{"${escaped(first(members))}":"x",`)],
    ['cut short', (members) => text(members).slice(0, -1)],
    ['a comma too many', (members) => text(members).replace(/}$/, ',}')],
    ['single quotes', (members) => text(members).replaceAll('"', "'")],
    ['two objects', (members) => text(members).repeat(2)],
    ['a comment', (members) => `${text(members)}//`],
    ['NUL at the end', (members) => `${text(members)}\0`],
    ['deep nesting beside it', (members) => text(members).replace('{', `{"x":${'['.repeat(5000)}`)],
    ['deep nesting', () => '['.repeat(15_000)],
    ['deep nesting of objects', () => '{"x":'.repeat(3000)],
    ['deeper nesting than is read', () => '['.repeat(500_000)],
    ['one megabyte', (members) => text({ ...members, x: 'x'.repeat(1_000_000) })],
    ['eleven megabytes', () => Buffer.alloc(11_000_000, 'x')],
    ['random bytes', () => Buffer.from('fffe00c3288080f09f92', 'hex')],
    ['an overlong sequence', (members) => bytes(text(members), '"x":"', 'c0af')],
    ['a surrogate in UTF-8', (members) => bytes(text(members), '"x":"', 'eda080')],
    ['bytes that are no UTF-8', (members) => bytes(text(members), '"x":"', 'ff')],
    ['UTF-16', (members) => Buffer.from(text(members), 'utf16le')],
    ['UTF-16 with its mark', (members) => Buffer.from(`\ufeff${text(members)}`, 'utf16le')],
    ['gzip', (members) => gzipSync(text(members))],
    ['base64', (members) => Buffer.from(text(members)).toString('base64')],
    ['a form that says it is JSON', (members) => String(new URLSearchParams(members))],
    ['XML', () => '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
  ] as readonly Row[]
).map(toBody)

const escaped = (name: string) => name.replace(/^./, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)

// Another member whose text holds these bytes.
const bytes = (body: string, start: string, hex: string) =>
  Buffer.concat([Buffer.from(`{${start}`), Buffer.from(hex, 'hex'), Buffer.from(body.replace('{', '",'))])

/** The right text under a type that no route takes (REQ-11). */
export const hostileTypes: readonly HostileBody[] = [
  '',
  'text/plain',
  'text/plain;charset=UTF-8',
  'text/json',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  'application/jsonp',
  'application/x-amz-json-1.0',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json, text/plain',
  'text/plain; application/json',
].map((contentType) => ({ name: `JSON as ${contentType || 'no type'}`, make: text, contentType }))

/** A route that reads JSON alone takes no form, however right: a foreign page can send one without asking first. */
export const formBody: HostileBody = {
  name: 'a form',
  make: (members) => String(new URLSearchParams(members)),
  contentType: form,
}

const query = (members: Members) => String(new URLSearchParams(members))

/** For the routes that take forms (RFC 6749 section 3.2). */
export const hostileForms: readonly HostileBody[] = (
  [
    ['a form with every parameter twice', (members) => `${query(members)}&${query(members)}`],
    ['a form with a parameter twice', (members) => `${first(members)}=x&${query(members)}`],
    ['a form with an escaped parameter twice', (members) => `%${hexOf(first(members))}=x&${query(members)}`],
    ['a form with names of arrays', (members) => query(members).replaceAll('=', '[]=')],
    ['a form with names of objects', (members) => query(members).replaceAll('=', '[$ne]=')],
    ['a form with names in capitals', (members) => query(members).replaceAll(/\w+=/g, (name) => name.toUpperCase())],
    ['a form with half an escape', (members) => `${query(members)}&x=%f`],
    ['a form with an escape of no UTF-8', (members) => `${query(members)}&x=%ff`],
    ['a form between semicolons', (members) => `x=1;${query(members).replaceAll('&', ';')}`],
    ['a form of nothing', () => ''],
    ['a form of ampersands', () => '&'.repeat(10_000)],
    ['a form of __proto__', (members) => query(members).replaceAll(/(\w+)=/g, '__proto__[$1]=')],
    ['JSON that says it is a form', text],
  ] as readonly Row[]
).map(([name, make]) => toBody([name, make, form]))

const hexOf = (name: string) => name.replace(/^./, (letter) => letter.charCodeAt(0).toString(16))
