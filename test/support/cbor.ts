/** What WebAuthn writes in CBOR (RFC 8949). */
export type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<number | string, Cbor>

/** A value in CBOR, each length in its shortest form. */
export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const isMap = value instanceof Map
  const items: readonly Cbor[] = isMap ? [...value].flat() : [...value.values()]
  return Buffer.concat([head(isMap ? 5 : 4, isMap ? value.size : items.length), ...items.map(encodeCbor)])
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Buffer.from([(major << 5) | argument])
  if (argument < 2 ** 8) return Buffer.from([(major << 5) | 24, argument])
  if (argument < 2 ** 16) return Buffer.from([(major << 5) | 25, argument >> 8, argument & 255])
  const long = Buffer.alloc(5, (major << 5) | 26)
  long.writeUInt32BE(argument, 1)
  return long
}
