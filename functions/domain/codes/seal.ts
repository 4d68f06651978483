import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const tagLength = 16

const keyOf = (ticket: string): Buffer => createHmac('sha256', ticket).update('seal key').digest()

// A key encrypts one text only, so it needs no nonce of its own.
const nonce = Buffer.alloc(12)

/** Text that only the client with the ticket can have read again: neither the table nor the function that mails can. */
export function seal(ticket: string, text: string): string {
  const cipher = createCipheriv(algorithm, keyOf(ticket), nonce, { authTagLength: tagLength })
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** @throws Error for what was not sealed with this ticket: a fault, because a ticket finds only what is its own. */
export function unseal(ticket: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv(algorithm, keyOf(ticket), nonce, { authTagLength: tagLength })
  decipher.setAuthTag(bytes.subarray(-tagLength))
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]).toString()
}
