const methods = ['pwd', 'otp', 'pop', 'user', 'mfa'] as const

/** How someone proved who they are (RFC 8176 section 2); `otp` stands also for a recovery code. */
export type Amr = (typeof methods)[number]

/** What an authentication is worth, as the `acr` claim states it: `mfa` for more than one factor. */
export type Acr = 'pwd' | 'mfa'

/** Whether `acr` is worth as much as `required`; undefined is worth nothing. */
export const isAtLeast = (required: Acr, acr: Acr | undefined): boolean => acr === 'mfa' || acr === required

/** When and how someone authenticated. `authTime` is a NumericDate. */
export type Authentication = { readonly authTime: number; readonly amr: readonly Amr[] }

export const acrOf = (amr: readonly Amr[]): Acr => (amr.includes('mfa') ? 'mfa' : 'pwd')

export const isAcr = (value: unknown): value is Acr => value === 'pwd' || value === 'mfa'

export const isAmr = (value: unknown): value is readonly Amr[] =>
  Array.isArray(value) && value.length > 0 && value.every((method) => methods.includes(method))
