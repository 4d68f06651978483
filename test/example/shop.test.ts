import { expect, test } from '@jest/globals'
import { CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core'
import { ensureBundled } from '../../infra/build/ensure-bundled.ts'
import { countTypes, protection } from './protection.ts'

test("someone's own HTTP, REST and WebSocket API are protected in a few lines, by CloudFormation's rules too", async () => {
  await ensureBundled()
  const { app } = await import('./shop.ts')
  Validations.of(app).addPlugins(new CloudFormationValidatePlugin() as IPolicyValidationPlugin)
  const { template, messages } = app.synth().getStackArtifact('Shop')

  expect(countTypes(template)).toMatchObject(protection)
  expect(messages.map(({ entry }) => entry.data)).toEqual([])
})
