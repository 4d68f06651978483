import { setTimeout as pause } from 'node:timers/promises'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { KMSClient } from '@aws-sdk/client-kms'
import { clientConfig } from '../adapters/aws-client.ts'
import { createRollbackReader } from '../adapters/cloudformation/stack-status.ts'
import { createPublicKeyReader } from '../adapters/kms/public-key.ts'
import { putResponse } from '../adapters/lambda/custom-resource-response.ts'
import { createJwksHandler } from './handler.ts'

export const handler = createJwksHandler({
  readPublicKey: createPublicKeyReader(new KMSClient(clientConfig), pause),
  isRollingBack: createRollbackReader(new CloudFormationClient(clientConfig)),
  respond: putResponse,
})
