// A process of its own: DynamoDB and KMS on localhost, so that their work is not counted as the log-in's.
import { createAwsEndpoint } from '../../infra/local/aws/aws-endpoint.ts'
import { createMails } from '../../infra/local/aws/mails.ts'
import { tableShape } from '../support/table-shape.ts'

const [, , data = ''] = process.argv
const keyId = '00000000-0000-4000-8000-000000000001'

const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

const endpoint = await createAwsEndpoint({
  data,
  region: 'eu-central-1',
  account: '000000000000',
  tables: [{ name: 'latchkey', ...tableShape }],
  keys: [{ keyId, arn: `arn:aws:kms:eu-central-1:000000000000:key/${keyId}`, keySpec: 'RSA_2048' }],
  identities: [],
  configurationSets: [],
  mails: createMails(data),
  principals: [
    {
      accessKeyId: 'bench',
      secretAccessKey: 'bench',
      arn: 'arn:aws:iam::000000000000:user/bench',
      policies: [everything],
    },
  ],
  // Functions do nothing here. A request for a mail is an event, which nobody waits for.
  invoke: async () => ({ payload: 'null' }),
  log: () => undefined,
})
process.send?.({ url: endpoint.url, keyId })
process.once('disconnect', () => process.exit())
