import { defaultAccent } from '../../../functions/http/pages/parts/style.ts'

/** How pages look where the owner has set nothing. */
export const plainLook = { accent: defaultAccent, hasLogo: false }
