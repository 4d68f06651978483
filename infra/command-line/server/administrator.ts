import { randomBytes } from 'node:crypto'
import type { Principal } from '../../local/aws/aws-endpoint.ts'
import { localPlace } from '../../local/template/physical-ids.ts'

/** Not a secret: only the access key id is. */
export const administratorSecret = 'local'

/** Whose account this is: may do everything, by a key that is new at every start and stands in server.json. */
export const createAdministrator = (): Principal => ({
  accessKeyId: `AKIA${randomBytes(20).toString('hex').toUpperCase()}`,
  secretAccessKey: administratorSecret,
  arn: `arn:aws:iam::${localPlace.account}:user/administrator`,
  policies: [
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    },
  ],
})
