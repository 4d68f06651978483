import { createDynamoDb } from '../adapters/dynamodb/table/client.ts'
import { createDynamoDbMailCounts } from '../adapters/dynamodb/throttling/mail-counts.ts'
import { readEnv } from '../adapters/environment/environment.ts'
import { createInvokeFunction } from '../adapters/lambda/invoke.ts'
import { createSendMail } from '../adapters/ses/send-mail.ts'
import { createMailAddressCode } from '../domain/accounts/mail-address-code.ts'
import { createAdmitMail } from '../domain/mail/limits.ts'
import { createMailEnrolmentCode } from '../domain/sign-in/enrolment/mail-enrolment-code.ts'
import { createMailRecoveryCode } from '../domain/sign-in/password/mail-recovery-code.ts'
import { writeLine } from '../http/log.ts'
import { clock } from '../wiring/clock.ts'
import { wireCodes } from '../wiring/mail.ts'
import { wireRecovery } from '../wiring/migration.ts'
import { createStores } from '../wiring/stores.ts'
import { createComposeMail } from './compose-mail.ts'
import { mailEnv } from './env.ts'
import { createMailHandler } from './handler.ts'
import { createPlanCode } from './plan-code.ts'
import { createPlanNotice } from './plan-notice.ts'

const env = readEnv(mailEnv, process.env)
const client = createDynamoDb()
const stores = createStores(client, env.TABLE_NAME)
const codes = wireCodes(client, env.TABLE_NAME, clock)
const common = {
  ...stores,
  codes,
  admitMail: createAdmitMail(createDynamoDbMailCounts(client, env.TABLE_NAME), clock),
  service: env.SERVICE_NAME,
}

const aws = { client, environment: process.env }
const askHook =
  env.MAIL_HOOK === null ? undefined : createInvokeFunction({ ...aws, functionName: env.MAIL_HOOK, timeLimit: 2000 })

export const handler = createMailHandler({
  planCode: createPlanCode({
    ...common,
    mailRecoveryCode: createMailRecoveryCode({ ...common, askOldSystem: wireRecovery(env.MIGRATE_FUNCTION, aws) }),
    mailAddressCode: createMailAddressCode(common),
    mailEnrolmentCode: createMailEnrolmentCode(common),
    isKnownDevice: async (hash, { sub, epoch }) =>
      (await stores.devices.findDevice({ hash, sub }, Math.floor(clock()))) === epoch,
  }),
  planNotice: createPlanNotice(common),
  composeMail: createComposeMail({ askHook, region: await client.config.region() }),
  sendMail: createSendMail({
    ...aws,
    from: env.MAIL_FROM,
    fromName: env.SERVICE_NAME,
    replyTo: env.MAIL_REPLY_TO ?? undefined,
    configurationSet: env.MAIL_CONFIGURATION_SET,
  }),
  write: writeLine,
  now: Date.now,
})
