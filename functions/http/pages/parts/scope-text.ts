import type { Texts } from '../texts/texts.ts'

/** A scope in words that people understand. */
export function describeScope(texts: Texts, token: string): string {
  const known: Readonly<Record<string, string>> = {
    openid: texts.scopeOpenid,
    profile: texts.scopeProfile,
    email: texts.scopeEmail,
    offline_access: texts.scopeOffline,
  }
  return Object.hasOwn(known, token) ? (known[token] ?? token) : texts.scopeOther(token)
}
