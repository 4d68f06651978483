import { createHmac } from 'node:crypto'
import { readDigits } from '../fold.ts'
import { sha256 } from '../secret.ts'

/**
 * What stands in for a ticket where it must not be known: `id` finds what the ticket is bound to, and with `codeKey` a
 * code can be set for it. Neither leads back to the ticket, so the function that sends the mail cannot use the code.
 */
export type TicketHandle = { readonly id: string; readonly codeKey: string }

// A ticket has 256 random bits, so fast hashes without salt are enough.
export const handleOf = (ticket: string): TicketHandle => ({
  id: sha256(ticket),
  codeKey: createHmac('sha256', ticket).update('code key').digest('base64url'),
})

/** What is kept of a code. Without the key, which is derived from the ticket, none of the 10^8 codes can be tried. */
export const hashCode = (codeKey: string, code: string): string =>
  createHmac('sha256', codeKey).update(code).digest('base64url')

const length = 8
const codes = 10 ** length
// The largest multiple of `codes` in 32 bits. The numbers above it would make some codes more frequent than others.
const fair = 2 ** 32 - (2 ** 32 % codes)

/** A new code of eight digits: 26.6 bits, each code as likely as any other. */
export function newCode(randomBytes: (count: number) => Uint8Array): string {
  const number = Buffer.from(randomBytes(4)).readUInt32BE()
  return number < fair ? String(number % codes).padStart(length, '0') : newCode(randomBytes)
}

/** Reads a code as people type it. */
export const readCode = (typed: string): string | undefined => readDigits(typed, length)
