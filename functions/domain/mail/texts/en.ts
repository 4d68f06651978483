import type { Factor, MailTexts } from '../mail.ts'

const factors: { readonly [Name in Factor]: string } = {
  totp: 'authenticator app',
  passkey: 'passkey',
  recovery_codes: 'recovery codes',
}

const wasYou = 'If this was you, you do not need to do anything.'

const wasNotYou = (service: string) =>
  `If this was not you, someone else may have access to your account: choose a new password at once, log out everywhere, and contact ${service}.`

export const english: MailTexts = {
  language: 'en',
  colon: ':',
  labels: { service: 'Service', account: 'Account', time: 'Time', source: 'IP address' },
  aboutCode: (service, minutes) =>
    `The code is valid for ${minutes} minutes from the request. Nobody from ${service} will ever ask you for it: do not share it, and do not enter it anywhere else.`,
  footer: (service) => `${service} sent this message automatically.`,
  mails: {
    registrationCode: ({ service }) => ({
      subject: `${service}: confirm your e-mail address`,
      opening: [
        `Someone, probably you, is registering at ${service} with this e-mail address. To confirm it, enter this code where you registered:`,
      ],
      advice: ['If this was not you, ignore this message: without the code, no account is created.'],
    }),
    addressInUse: ({ service }) => ({
      subject: `${service}: someone tried to use your e-mail address`,
      opening: [
        `Someone tried to register at ${service} with this e-mail address, or to add it to another account. It already belongs to your account, so nothing has changed.`,
      ],
      advice: [
        'If this was you, log in to your existing account. If you have forgotten your password, ask for a new one where you log in.',
        'If this was not you, you do not need to do anything.',
      ],
    }),
    recoveryCode: ({ service }) => ({
      subject: `${service}: your code for a new password`,
      opening: [
        `A new password was requested for your account at ${service}. To choose one, enter this code where the new password was requested:`,
      ],
      advice: ['If this was not you, ignore this message: your password stays as it is.'],
    }),
    enrolmentCode: ({ service }) => ({
      subject: `${service}: your code for setting up a second factor`,
      opening: [
        `Someone, probably you, has logged in to your account at ${service} with your password and is about to set up a second factor. To continue, enter this code where you are logging in:`,
      ],
      advice: [
        'If this was not you, someone knows your password: choose a new one at once. Without the code, nothing is set up.',
      ],
    }),
    addressCode: ({ service }) => ({
      subject: `${service}: confirm your new e-mail address`,
      opening: [
        `Someone, probably you, wants to use this e-mail address for an account at ${service}. To confirm it, enter this code where you made the change:`,
      ],
      advice: ['If this was not you, ignore this message: without the code, nothing changes.'],
    }),
    passwordChanged: ({ service }) => ({
      subject: `${service}: your password was changed`,
      opening: [`The password of your account at ${service} was changed. Other devices have been logged out.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    addressChanged: ({ service }) => ({
      subject: `${service}: your e-mail address was changed`,
      opening: [
        `The e-mail address of your account at ${service} was changed. This message goes to the old and to the new address.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorAdded: ({ service, factor }) => ({
      subject: `${service}: a sign-in method was added`,
      opening: [`A sign-in method was added to your account at ${service}: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorRemoved: ({ service, factor }) => ({
      subject: `${service}: a sign-in method was removed`,
      opening: [`A sign-in method was removed from your account at ${service}: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorsReset: ({ service }) => ({
      subject: `${service}: your second factors were reset`,
      opening: [`An administrator removed all second factors from your account at ${service}.`],
      advice: ['If you asked for this, set up a new second factor as soon as you can.', wasNotYou(service)],
    }),
    recoveryCodeUsed: ({ service, left }) => ({
      subject: `${service}: a recovery code was used`,
      opening: [`A recovery code was used to log in to your account at ${service}. Recovery codes left: ${left}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    sessionEndedAsReused: ({ service }) => ({
      subject: `${service}: a device was logged out`,
      opening: [
        `A device was logged out of your account at ${service}, because an old copy of its sign-in data was used. This happens when a device is restored from a backup, and also when someone has copied that data.`,
      ],
      advice: [
        'If you have just restored a device, log in again.',
        'If not, choose a new password and log out everywhere.',
      ],
    }),
    wrongPasswords: ({ service, attempts }) => ({
      subject: `${service}: many wrong passwords`,
      opening: [
        `Wrong passwords were tried for your account at ${service}. Attempts in a row: ${attempts}. None of them succeeded, and further attempts have to wait.`,
      ],
      advice: [
        'If this was you and you have forgotten your password, ask for a new one.',
        'If this was not you, make sure that you do not use this password anywhere else. A long password cannot be guessed this way.',
      ],
    }),
  },
}
