import { hostileClaims } from './claims.ts'
import type { HostileToken } from './forgery.ts'
import { hostileForms } from './forms.ts'
import { hostileHeaders } from './headers.ts'
import { hostileSignatures } from './signatures.ts'

/** Every token that must not get in: "Known attacks to have a test for", and what is near them. */
export const hostileTokens: readonly HostileToken[] = [
  ...hostileForms,
  ...hostileHeaders,
  ...hostileSignatures,
  ...hostileClaims,
]
