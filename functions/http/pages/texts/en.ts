/** English. Values are escaped where they are put into a page. */
export const en = {
  language: 'en',
  signIn: 'Sign in',
  toContinueTo: (client: string) => `to go on to ${client}`,
  username: 'Username or e-mail address',
  password: 'Password',
  usePasskey: 'Sign in with a passkey',
  wrongCredentials: 'Wrong username or password.',
  tooManyAttempts: (seconds: number) =>
    seconds < 90
      ? `Too many attempts. Try again in ${seconds} seconds.`
      : `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`,
  secondFactor: 'One more step',
  totp: 'Code from your authenticator app',
  recoveryCode: 'Recovery code',
  emailCode: 'Code from the e-mail we have just sent you',
  confirm: 'Confirm',
  usePasskeyNow: 'Use a passkey',
  useRecoveryCode: 'Use a recovery code instead',
  wrongCode: 'That is wrong, or it was used before.',
  mustEnrol: 'You need a second factor first',
  mustEnrolText:
    'This service asks for a second factor, and your account has none yet. Set one up, then sign in again.',
  consent: (client: string) => `Allow ${client} to use your account?`,
  consentText: (client: string, username: string) =>
    `You are signed in as ${username}. If you allow it, ${client} gets:`,
  consentNothing: (client: string, username: string) =>
    `You are signed in as ${username}. If you allow it, ${client} learns that you have an account here.`,
  consentLocal: (host: string) =>
    `The answer goes to ${host}. Allow it only if you have just started this app yourself: any app could use this name.`,
  consentTo: (host: string) => `The answer goes to ${host}.`,
  scopeOpenid: 'an identifier of your account',
  scopeProfile: 'your name',
  scopeEmail: 'your e-mail address',
  scopeOffline: 'access while you are not here, until you take it back',
  scopeOther: (scope: string) => `“${scope}”`,
  allow: 'Allow',
  deny: 'Do not allow',
  notYou: 'Not you? Sign in as someone else',
  signOut: 'Sign out',
  signOutText: 'Do you want to sign out of this browser?',
  signedOut: 'You are signed out',
  signedOutText: 'You can close this page.',
  goOn: 'Continue',
  expired: 'This page is too old',
  expiredText: 'Go back to the app and sign in again.',
  badRequest: 'This sign-in cannot start',
  badRequestText:
    'The app has sent an incomplete or wrong request. Go back and try again; if it happens again, tell its developers.',
  badClient: 'The app is not known to this service.',
  badRedirect: 'The app asked for an answer to an address that is not registered for it.',
  crossSite: 'This form did not come from our page',
  fault: 'Something went wrong on our side',
  unavailable: 'The service is not available at the moment',
  tryAgain: 'Try again in a moment.',
  noScript: 'Press the button to go on.',
}
