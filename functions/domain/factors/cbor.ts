// CTAP 2.1 section 8: at most four levels.
const maxDepth = 8

/** Whether the bytes are one CBOR item of definite length (RFC 8949) and nothing else. */
export const isOneItem = (bytes: Uint8Array): boolean => endOfItem(bytes, 0, 0) === bytes.length

/** Where the item that starts at an index ends, or undefined where that is not known. */
function endOfItem(bytes: Uint8Array, start: number, depth: number): number | undefined {
  const head = readHead(bytes, start)
  if (!head || depth > maxDepth) return undefined
  const { major, argument, end } = head
  switch (major) {
    case 2:
    case 3:
      return end + argument
    case 4:
      return endOfItems(bytes, end, argument, depth + 1)
    case 5:
      return endOfItems(bytes, end, 2 * argument, depth + 1)
    case 6:
      return endOfItem(bytes, end, depth + 1)
    default:
      return end
  }
}

function endOfItems(bytes: Uint8Array, start: number, count: number, depth: number): number | undefined {
  let end: number | undefined = start
  for (let read = 0; read < count && end !== undefined; read += 1) end = endOfItem(bytes, end, depth)
  return end
}

function readHead(bytes: Uint8Array, start: number) {
  const first = bytes[start]
  if (first === undefined) return undefined
  const [major, short] = [first >> 5, first & 31]
  if (short < 24) return { major, argument: short, end: start + 1 }
  // An argument of eight bytes is longer than all that is read here.
  const length = [1, 2, 4][short - 24]
  const end = start + 1 + (length ?? 0)
  if (length === undefined || end > bytes.length) return undefined
  const argument = bytes.subarray(start + 1, end).reduce((number, byte) => number * 256 + byte, 0)
  return { major, argument, end }
}
