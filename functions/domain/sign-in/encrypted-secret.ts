/** Whose secret it is: it is decrypted only for the same subject. */
type SecretContext = { readonly sub: string }

/** Encrypts the secret of an authenticator app; the result is text. */
export type EncryptSecret = (secret: string, context: SecretContext) => Promise<string>

/** Decrypts it again. @throws Error for another subject, or what was not encrypted by our key. */
export type DecryptSecret = (secret: string, context: SecretContext) => Promise<string>
