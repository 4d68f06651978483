import { join } from 'node:path'
import { bundle } from '../../infra/build/bundle.ts'
import { openAccount } from '../../infra/local/account.ts'
import type { Assembly } from '../../infra/synthesis/assembly.ts'
import { newFolder } from './local-aws.ts'

const s3Key = 'sender.zip'

/** A function that sends what it is invoked with, bundled as ours are. */
async function bundleSender() {
  const outdir = newFolder()
  const [bundled] = await bundle(outdir, join(import.meta.dirname, 'functions'))
  return { folder: join(outdir, 'sender'), bytes: bundled?.bytes ?? 0 }
}

const identityArn = (id: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:identity/\${${id}}`,
})
const configurationSetArn = (id: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:configuration-set/\${${id}}`,
})

const statement = {
  Effect: 'Allow',
  Action: 'ses:SendEmail',
  Resource: [identityArn('MailIdentity'), configurationSetArn('Mails')],
  Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@example.com' } },
}

const mailResources = (allowed: object) => ({
  MailIdentity: { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'example.com' } },
  Mails: { Type: 'AWS::SES::ConfigurationSet', Properties: { DeliveryOptions: { TlsPolicy: 'REQUIRE' } } },
  SenderRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [{ PolicyName: 'send', PolicyDocument: { Version: '2012-10-17', Statement: [allowed] } }],
    },
  },
  sender: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: s3Key },
      Role: { 'Fn::GetAtt': ['SenderRole', 'Arn'] },
      MemorySize: 256,
      Timeout: 10,
      Environment: {
        Variables: { FROM: 'no-reply@example.com', FROM_NAME: 'Shop', CONFIGURATION_SET: { Ref: 'Mails' } },
      },
    },
  },
})

/** The account of a stack that also has an identity and a function, `sender`, which sends the mail of its event. */
export async function openMailAccount(assembly: Assembly, changes: object = {}) {
  const { folder, bytes } = await bundleSender()
  const { template, assetFolder } = assembly
  const Resources = { ...template.Resources, ...mailResources({ ...statement, ...changes }) }
  const lines: string[] = []
  const account = await openAccount(
    {
      ...assembly,
      template: { ...template, Resources },
      assetFolder: (key) => (key === s3Key ? folder : assetFolder(key)),
    },
    {
      data: newFolder(),
      endpoint: 'http://127.0.0.1:3000',
      principals: [],
      log: (source, line) => void lines.push(`${source}: ${line}`),
    },
  )
  const { mails } = account
  if (!mails) throw new Error('The account has no mails.')
  return {
    ...{ lines, bytes, mails },
    send: async (mail: object) => JSON.parse((await account.invoke('sender', JSON.stringify(mail))).payload),
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  }
}
