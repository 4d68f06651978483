import { randomBytes } from 'node:crypto'

/** An id of 128 random bits, base64url. A random UUID has 122, too few for ASVS 5.0 section 11.5.1. */
export const randomId = (): string => randomBytes(16).toString('base64url')
