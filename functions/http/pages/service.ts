import type { Accent } from '../../domain/setting-rules.ts'
import { defaultAccent, type Look } from './parts/style.ts'

type Env = {
  readonly ISSUER: string
  readonly SERVICE_NAME: string
  readonly ACCENT: Accent | null
  readonly LOGO: boolean
}

type Service = { readonly serviceName: string; readonly issuer: string; readonly look: Look }

/** What all pages of the service share, in every language. */
export const serviceOf = (env: Env): Service => ({
  serviceName: env.SERVICE_NAME,
  issuer: env.ISSUER,
  look: { accent: env.ACCENT ?? defaultAccent, hasLogo: env.LOGO },
})
