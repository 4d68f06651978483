import type { Texts } from './texts.ts'

/** German. */
export const de: Texts = {
  language: 'de',
  signIn: 'Anmelden',
  toContinueTo: (client) => `Weiter zu ${client}`,
  username: 'Benutzername oder E-Mail-Adresse',
  password: 'Passwort',
  usePasskey: 'Mit einem Passkey anmelden',
  wrongCredentials: 'Benutzername oder Passwort ist falsch.',
  tooManyAttempts: (seconds) =>
    seconds < 90
      ? `Zu viele Versuche. Bitte in ${seconds} ${seconds === 1 ? 'Sekunde' : 'Sekunden'} noch einmal versuchen.`
      : `Zu viele Versuche. Bitte in ${Math.ceil(seconds / 60)} Minuten noch einmal versuchen.`,
  secondFactor: 'Noch ein Schritt',
  totp: 'Code aus Ihrer Authenticator-App',
  recoveryCode: 'Wiederherstellungscode',
  emailCode: 'Code aus der E-Mail, die wir Ihnen gerade geschickt haben',
  confirm: 'Bestätigen',
  usePasskeyNow: 'Passkey verwenden',
  useRecoveryCode: 'Stattdessen einen Wiederherstellungscode verwenden',
  wrongCode: 'Dieser Code ist falsch, oder er wurde schon verwendet.',
  stepOver: 'Das hat zu lange gedauert, oder zu viele Codes waren falsch. Bitte melden Sie sich noch einmal an.',
  wrongPasskey: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  needsScript: 'Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist.',
  mustEnrol: 'Sie brauchen zuerst einen zweiten Faktor',
  mustEnrolText:
    'Dieser Dienst verlangt einen zweiten Faktor, und Ihr Konto hat noch keinen. Richten Sie einen ein und melden Sie sich dann noch einmal an.',
  consent: (client) => `${client} den Zugriff auf Ihr Konto erlauben?`,
  consentText: (client, username) => `Sie sind als ${username} angemeldet. Wenn Sie es erlauben, bekommt ${client}:`,
  consentNothing: (client, username) =>
    `Sie sind als ${username} angemeldet. Wenn Sie es erlauben, erfährt ${client}, dass Sie hier ein Konto haben.`,
  consentLocal: (host) =>
    `Es geht weiter zu ${host}. Erlauben Sie es nur, wenn Sie diese App gerade selbst gestartet haben: Jede App könnte diesen Namen benutzen.`,
  consentTo: (host) => `Es geht weiter zu ${host}.`,
  scopeOpenid: 'eine Kennung Ihres Kontos',
  scopeProfile: 'Ihren Namen',
  scopeEmail: 'Ihre E-Mail-Adresse',
  scopeOffline: 'Zugriff auch in Ihrer Abwesenheit, bis Sie ihn widerrufen',
  scopeOther: (scope) => `„${scope}“`,
  allow: 'Erlauben',
  deny: 'Nicht erlauben',
  notYou: 'Das sind nicht Sie? Mit einem anderen Konto anmelden',
  signOut: 'Abmelden',
  signOutText: 'Möchten Sie sich in diesem Browser abmelden?',
  signedOut: 'Sie sind abgemeldet',
  signedOutText: 'Sie können diese Seite schließen.',
  goOn: 'Weiter',
  expired: 'Diese Seite ist zu alt',
  expiredText: 'Gehen Sie zurück zur App und melden Sie sich noch einmal an.',
  badRequest: 'Diese Anmeldung kann nicht beginnen',
  badRequestText:
    'Die App hat eine unvollständige oder falsche Anfrage geschickt. Gehen Sie zurück und versuchen Sie es noch einmal; wenn es wieder geschieht, sagen Sie es den Entwicklern der App.',
  badClient: 'Dieser Dienst kennt die App nicht.',
  badRedirect: 'Die App wollte die Antwort an einer Adresse bekommen, die nicht für sie eingetragen ist.',
  crossSite: 'Dieses Formular kam nicht von unserer Seite',
  fault: 'Bei uns ist etwas schiefgegangen',
  unavailable: 'Der Dienst ist im Augenblick nicht erreichbar',
  tryAgain: 'Bitte versuchen Sie es gleich noch einmal.',
  noScript: 'Mit diesem Knopf geht es weiter.',
  yourAccount: 'Ihr Konto',
  keepSignedIn: 'Auf diesem Gerät angemeldet bleiben',
}
