import { createDynamoDb } from '../../../../functions/adapters/dynamodb/table/client.ts'
import { createSendMail } from '../../../../functions/adapters/ses/send-mail.ts'

const { FROM: from = '', FROM_NAME: fromName, CONFIGURATION_SET: configurationSet = '' } = process.env

/** Sends the mail of its event. */
export const handler = createSendMail({
  client: createDynamoDb(),
  environment: process.env,
  from,
  ...(fromName && { fromName }),
  configurationSet,
})
