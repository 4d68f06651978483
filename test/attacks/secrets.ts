/** The forms in which a secret may turn up in a text: as it is, escaped, and in the usual encodings. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    ...base64Of(bytes),
  ]
}

// Base64 of a secret in the midst of other bytes, wherever it begins; the characters at both ends depend on those.
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    return (['base64', 'base64url'] as const).map((encoding) =>
      shifted
        .toString(encoding)
        .replace(/=+$/, '')
        .slice(before === 0 ? 0 : before + 1, -2),
    )
  })
}

/** Collects the secrets that a suite sends and gets, and finds them again in what was written meanwhile. */
export function createSecrets() {
  const kept = new Map<string, { readonly kind: string; readonly forms: readonly string[] }>()
  // Of fewer characters any text holds some by chance.
  const keep = (kind: string, ...secrets: readonly string[]) => {
    for (const secret of secrets)
      if (secret.length >= 8) kept.set(secret, { kind, forms: kept.get(secret)?.forms ?? formsOf(secret) })
  }
  return {
    keep,
    /** A token is kept whole and in its parts, but for the header, which says nothing. */
    keepToken: (token: string) => keep('token', token, ...token.split('.').slice(1)),
    count: () => kept.size,
    /** What kinds of secret stand in a text, in whatever form. */
    foundIn: (text: string): readonly string[] =>
      [...kept.values()].filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ kind }) => kind),
  }
}
