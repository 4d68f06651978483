import { randomBytes } from 'node:crypto'
import type { Principal } from './aws/aws-endpoint.ts'
import { account } from './template/physical-ids.ts'

/** Not a secret: only the access key id is. */
export const administratorSecret = 'local'

/** Whose account this is: may do everything, by a key that is new at every start and stands in server.json. */
export const createAdministrator = (): Principal => ({
  accessKeyId: `AKIA${randomBytes(20).toString('hex').toUpperCase()}`,
  secretAccessKey: administratorSecret,
  arn: `arn:aws:iam::${account}:user/administrator`,
  policies: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    },
  ],
})
