import type { Factor, MailTexts } from '../mail.ts'

const factors: { readonly [Name in Factor]: string } = {
  totp: 'Authenticator-App',
  passkey: 'Passkey',
  recovery_codes: 'Wiederherstellungscodes',
}

const wasYou = 'Wenn Sie das selbst waren, müssen Sie nichts tun.'

const wasNotYou = (service: string) =>
  `Wenn Sie das nicht waren, hat möglicherweise jemand anderes Zugriff auf Ihr Konto: Wählen Sie sofort ein neues Passwort, melden Sie sich überall ab und wenden Sie sich an ${service}.`

export const german: MailTexts = {
  language: 'de',
  colon: ':',
  labels: { service: 'Dienst', account: 'Konto', time: 'Zeitpunkt', source: 'IP-Adresse' },
  aboutCode: (service, minutes) =>
    `Der Code gilt ${minutes} Minuten ab der Anfrage. Niemand von ${service} wird Sie jemals danach fragen: Geben Sie ihn nicht weiter, und geben Sie ihn nirgendwo sonst ein.`,
  footer: (service) => `Diese Nachricht wurde von ${service} automatisch versandt.`,
  mails: {
    registrationCode: ({ service }) => ({
      subject: `${service}: E-Mail-Adresse bestätigen`,
      opening: [
        `Jemand – vermutlich Sie selbst – registriert sich bei ${service} mit dieser E-Mail-Adresse. Um sie zu bestätigen, geben Sie diesen Code dort ein, wo Sie sich registriert haben:`,
      ],
      advice: ['Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ohne den Code wird kein Konto angelegt.'],
    }),
    addressInUse: ({ service }) => ({
      subject: `${service}: Jemand wollte Ihre E-Mail-Adresse verwenden`,
      opening: [
        `Jemand hat versucht, sich bei ${service} mit dieser E-Mail-Adresse zu registrieren oder sie einem anderen Konto hinzuzufügen. Sie gehört bereits zu Ihrem Konto, deshalb hat sich nichts geändert.`,
      ],
      advice: [
        'Wenn Sie das selbst waren, melden Sie sich mit Ihrem bestehenden Konto an. Falls Sie Ihr Passwort vergessen haben, fordern Sie dort ein neues an.',
        'Wenn Sie das nicht waren, müssen Sie nichts tun.',
      ],
    }),
    recoveryCode: ({ service }) => ({
      subject: `${service}: Ihr Code für ein neues Passwort`,
      opening: [
        `Für Ihr Konto bei ${service} wurde ein neues Passwort angefordert. Um es festzulegen, geben Sie diesen Code dort ein, wo das neue Passwort angefordert wurde:`,
      ],
      advice: ['Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.'],
    }),
    enrolmentCode: ({ service }) => ({
      subject: `${service}: Ihr Code für die Einrichtung eines zweiten Faktors`,
      opening: [
        `Jemand – vermutlich Sie selbst – hat sich mit Ihrem Passwort an Ihrem Konto bei ${service} angemeldet und möchte einen zweiten Faktor einrichten. Um fortzufahren, geben Sie diesen Code dort ein, wo Sie sich gerade anmelden:`,
      ],
      advice: [
        'Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Legen Sie sofort ein neues fest. Ohne den Code wird nichts eingerichtet.',
      ],
    }),
    addressCode: ({ service }) => ({
      subject: `${service}: Neue E-Mail-Adresse bestätigen`,
      opening: [
        `Jemand – vermutlich Sie selbst – möchte diese E-Mail-Adresse für ein Konto bei ${service} verwenden. Um sie zu bestätigen, geben Sie diesen Code dort ein, wo Sie die Adresse geändert haben:`,
      ],
      advice: ['Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ohne den Code ändert sich nichts.'],
    }),
    passwordChanged: ({ service }) => ({
      subject: `${service}: Ihr Passwort wurde geändert`,
      opening: [`Das Passwort Ihres Kontos bei ${service} wurde geändert. Andere Geräte wurden abgemeldet.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    addressChanged: ({ service }) => ({
      subject: `${service}: Ihre E-Mail-Adresse wurde geändert`,
      opening: [
        `Die E-Mail-Adresse Ihres Kontos bei ${service} wurde geändert. Diese Nachricht geht an die alte und an die neue Adresse.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorAdded: ({ service, factor }) => ({
      subject: `${service}: Anmeldemethode hinzugefügt`,
      opening: [`Ihrem Konto bei ${service} wurde eine Anmeldemethode hinzugefügt: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorRemoved: ({ service, factor }) => ({
      subject: `${service}: Anmeldemethode entfernt`,
      opening: [`Aus Ihrem Konto bei ${service} wurde eine Anmeldemethode entfernt: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorsReset: ({ service }) => ({
      subject: `${service}: Ihre zweiten Faktoren wurden zurückgesetzt`,
      opening: [`Die Administration hat alle zweiten Faktoren Ihres Kontos bei ${service} entfernt.`],
      advice: [
        'Wenn Sie darum gebeten haben, richten Sie möglichst bald einen neuen zweiten Faktor ein.',
        wasNotYou(service),
      ],
    }),
    recoveryCodeUsed: ({ service, left }) => ({
      subject: `${service}: Ein Wiederherstellungscode wurde verwendet`,
      opening: [
        `Für die Anmeldung an Ihrem Konto bei ${service} wurde ein Wiederherstellungscode verwendet. Verbleibende Codes: ${left}.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    sessionEndedAsReused: ({ service }) => ({
      subject: `${service}: Ein Gerät wurde abgemeldet`,
      opening: [
        `Ein Gerät wurde von Ihrem Konto bei ${service} abgemeldet, weil eine alte Kopie seiner Anmeldedaten verwendet wurde. Das kommt vor, wenn ein Gerät aus einer Sicherung wiederhergestellt wird, aber auch, wenn jemand diese Daten kopiert hat.`,
      ],
      advice: [
        'Wenn Sie gerade ein Gerät wiederhergestellt haben, melden Sie sich einfach neu an.',
        'Wenn nicht, wählen Sie ein neues Passwort und melden Sie sich überall ab.',
      ],
    }),
    wrongPasswords: ({ service, attempts }) => ({
      subject: `${service}: Viele falsche Passwörter`,
      opening: [
        `Für Ihr Konto bei ${service} wurden falsche Passwörter eingegeben. Versuche in Folge: ${attempts}. Keiner davon war erfolgreich, und für weitere Versuche gilt nun eine Wartezeit.`,
      ],
      advice: [
        'Wenn Sie das selbst waren und Ihr Passwort vergessen haben, fordern Sie ein neues an.',
        'Wenn Sie das nicht waren, achten Sie darauf, dass Sie dieses Passwort nirgendwo sonst verwenden. Ein langes Passwort lässt sich so nicht erraten.',
      ],
    }),
  },
}
