import { type Account, type Api, type ApiCall, awsError, jsonAnswer, unknownOperation } from './aws-api.ts'

/** A secret of Secrets Manager. */
export type LocalSecret = { readonly name: string; readonly arn: string; readonly value: string }

type SecretsOptions = Account & { readonly secrets: readonly LocalSecret[] }

/** Secrets Manager with the secrets of the template and of the owner's file, which can only be read. */
export function createSecrets({ secrets, region, account }: SecretsOptions): Api {
  const idIn = ({ parameters: { SecretId } }: ApiCall) => String(SecretId)
  const find = (id: string) => {
    const name = id.replace(/^arn:.*:secret:/, '')
    return secrets.find((secret) => secret.arn === id || secret.name === name)
  }
  const arnOf = (id: string) =>
    find(id)?.arn ?? (id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${account}:secret:${id}-latchk`)

  return {
    access: (call) => [{ action: `secretsmanager:${call.operation}`, resource: arnOf(idIn(call)), context: {} }],
    async perform(call) {
      const { operation } = call
      if (!['GetSecretValue', 'DescribeSecret'].includes(operation))
        throw unknownOperation(`secretsmanager:${operation}`)
      const secret = find(idIn(call))
      if (!secret) {
        const message = `There is no secret ${idIn(call)}: give it a value in values.json.`
        throw awsError('ResourceNotFoundException', message)
      }
      const common = { ARN: secret.arn, Name: secret.name }
      if (operation === 'DescribeSecret') return jsonAnswer(common)
      const versions = { VersionId: '00000000-0000-0000-0000-000000000001', VersionStages: ['AWSCURRENT'] }
      return jsonAnswer({ ...common, ...versions, SecretString: secret.value })
    },
  }
}
