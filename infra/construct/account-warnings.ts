import { Annotations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { Settings } from './settings/settings.ts'

const consequences = {
  accountFailures: 'nothing stops anyone from guessing the password of an account',
  addressFailures: 'nothing stops one address from trying the passwords of all accounts',
} as const

// NIST SP 800-63B-4 section 3.1.1.2: 15 characters where a password is the only factor, 8 where it never is.
const lengthOfOnlyFactor = 15

type AccountSettings = Pick<Settings, keyof typeof consequences | 'minimumPasswordLength' | 'secondFactor'>

/** Warns at synth of what makes accounts easy to guess, where they are meant to last. */
export function warnIfAccountsAreWeak(scope: Construct, settings: AccountSettings): void {
  const warn = (name: keyof AccountSettings, sentence: string) =>
    Annotations.of(scope).addWarningV2(`latchkey:${name}`, `${name} is ${settings[name]}: ${sentence}.`)
  for (const name of ['accountFailures', 'addressFailures'] as const) {
    if (settings[name] === 0) warn(name, consequences[name])
  }
  const { minimumPasswordLength, secondFactor } = settings
  if (minimumPasswordLength < lengthOfOnlyFactor && secondFactor !== 'required') {
    warn('minimumPasswordLength', `fewer than ${lengthOfOnlyFactor} are enough only where secondFactor is required`)
  }
}
