import { Annotations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Settings } from './settings/settings.ts'

const consequences = {
  accountFailures: 'nothing stops anyone from guessing the password of an account',
  addressFailures: 'nothing stops one address from trying the passwords of all accounts',
} as const

/** Warns at synth if a throttle is off where accounts are meant to last. */
export function warnIfThrottleOff(scope: Construct, settings: Pick<Settings, keyof typeof consequences>): void {
  for (const name of ['accountFailures', 'addressFailures'] as const) {
    if (settings[name] > 0) continue
    Annotations.of(scope).addWarningV2(`latchkey:${name}`, `${name} is 0: ${consequences[name]}.`)
  }
}
