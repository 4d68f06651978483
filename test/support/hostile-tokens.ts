import { hostileClaims } from './hostile-claims.ts'
import type { HostileToken } from './hostile-forgery.ts'
import { hostileForms } from './hostile-forms.ts'
import { hostileHeaders } from './hostile-headers.ts'
import { hostileSignatures } from './hostile-signatures.ts'

/** Every token that must not get in: "Known attacks to have a test for", and what is near them. */
export const hostileTokens: readonly HostileToken[] = [
  ...hostileForms,
  ...hostileHeaders,
  ...hostileSignatures,
  ...hostileClaims,
]
