/** The part of a password hash of another system that cannot be read or is out of bounds. */
export type HashPart = 'scheme' | 'digest' | 'cost' | 'salt' | 'key' | 'padding' | 'blanks'

export type HashFailure = { readonly reason: 'unverifiable_hash'; readonly part: HashPart }
