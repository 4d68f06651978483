import { DynamoStorage } from '@openauthjs/openauth/storage/dynamo'
import { createIssuer, handle } from './openauth.js'

export const handler = handle(createIssuer(DynamoStorage({ table: 'bench' })))
