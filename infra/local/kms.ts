export type LocalKey = {
  readonly keyId: string
  readonly arn: string
  readonly keySpec: 'RSA_2048' | 'RSA_3072'
}
