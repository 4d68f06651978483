import type { Factor, MailTexts } from '../mail.ts'

// A colon follows a no-break space in French.
const factors: { readonly [Name in Factor]: string } = {
  totp: 'application d’authentification',
  passkey: 'clé d’accès (passkey)',
  recovery_codes: 'codes de récupération',
}

const wasYou = 'Si vous en êtes à l’origine, vous n’avez rien à faire.'

const wasNotYou = (service: string) =>
  `Si vous n’en êtes pas à l’origine, il se peut qu’une autre personne ait accès à votre compte : choisissez immédiatement un nouveau mot de passe, déconnectez tous vos appareils et contactez ${service}.`

export const french: MailTexts = {
  language: 'fr',
  colon: ' :',
  labels: { service: 'Service', account: 'Compte', time: 'Date et heure', source: 'Adresse IP' },
  aboutCode: (service, minutes) =>
    `Ce code est valable ${minutes} minutes à compter de la demande. Personne chez ${service} ne vous le demandera jamais : ne le communiquez à personne et ne le saisissez nulle part ailleurs.`,
  footer: (service) => `Ce message a été envoyé automatiquement par ${service}.`,
  mails: {
    registrationCode: ({ service }) => ({
      subject: `${service} : confirmez votre adresse e-mail`,
      opening: [
        `Une personne, sans doute vous, s’inscrit sur ${service} avec cette adresse e-mail. Pour la confirmer, saisissez ce code là où vous avez commencé votre inscription :`,
      ],
      advice: [
        'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message : sans le code, aucun compte ne sera créé.',
      ],
    }),
    addressInUse: ({ service }) => ({
      subject: `${service} : quelqu’un a essayé d’utiliser votre adresse e-mail`,
      opening: [
        `Quelqu’un a essayé de s’inscrire sur ${service} avec cette adresse e-mail, ou de l’ajouter à un autre compte. Elle est déjà associée à votre compte : rien n’a été modifié.`,
      ],
      advice: [
        'Si c’était vous, connectez-vous avec votre compte existant. Si vous avez oublié votre mot de passe, demandez-en un nouveau.',
        'Si ce n’était pas vous, vous n’avez rien à faire.',
      ],
    }),
    recoveryCode: ({ service }) => ({
      subject: `${service} : votre code pour un nouveau mot de passe`,
      opening: [
        `Un nouveau mot de passe a été demandé pour votre compte ${service}. Pour le choisir, saisissez ce code là où la demande a été faite :`,
      ],
      advice: [
        'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message : votre mot de passe reste inchangé.',
      ],
    }),
    enrolmentCode: ({ service }) => ({
      subject: `${service} : votre code pour configurer un second facteur`,
      opening: [
        `Une personne, sans doute vous, s’est connectée à votre compte ${service} avec votre mot de passe et va configurer un second facteur. Pour continuer, saisissez ce code là où vous vous connectez :`,
      ],
      advice: [
        'Si ce n’était pas vous, quelqu’un connaît votre mot de passe : choisissez-en un nouveau immédiatement. Sans le code, rien n’est configuré.',
      ],
    }),
    addressCode: ({ service }) => ({
      subject: `${service} : confirmez votre nouvelle adresse e-mail`,
      opening: [
        `Une personne, sans doute vous, souhaite utiliser cette adresse e-mail pour un compte ${service}. Pour la confirmer, saisissez ce code là où vous avez fait la modification :`,
      ],
      advice: [
        'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message : sans le code, rien ne sera modifié.',
      ],
    }),
    passwordChanged: ({ service }) => ({
      subject: `${service} : votre mot de passe a été modifié`,
      opening: [`Le mot de passe de votre compte ${service} a été modifié. Les autres appareils ont été déconnectés.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    addressChanged: ({ service }) => ({
      subject: `${service} : votre adresse e-mail a été modifiée`,
      opening: [
        `L’adresse e-mail de votre compte ${service} a été modifiée. Ce message est envoyé à l’ancienne et à la nouvelle adresse.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorAdded: ({ service, factor }) => ({
      subject: `${service} : une méthode de connexion a été ajoutée`,
      opening: [`Une méthode de connexion a été ajoutée à votre compte ${service} : ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorRemoved: ({ service, factor }) => ({
      subject: `${service} : une méthode de connexion a été supprimée`,
      opening: [`Une méthode de connexion a été supprimée de votre compte ${service} : ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorsReset: ({ service }) => ({
      subject: `${service} : vos seconds facteurs ont été réinitialisés`,
      opening: [`L’administration a supprimé tous les seconds facteurs de votre compte ${service}.`],
      advice: [
        'Si vous en avez fait la demande, configurez un nouveau second facteur dès que possible.',
        wasNotYou(service),
      ],
    }),
    recoveryCodeUsed: ({ service, left }) => ({
      subject: `${service} : un code de récupération a été utilisé`,
      opening: [
        `Un code de récupération a été utilisé pour se connecter à votre compte ${service}. Codes restants : ${left}.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    sessionEndedAsReused: ({ service }) => ({
      subject: `${service} : un appareil a été déconnecté`,
      opening: [
        `Un appareil a été déconnecté de votre compte ${service}, car une ancienne copie de ses données de connexion a été utilisée. Cela arrive lorsqu’un appareil est restauré à partir d’une sauvegarde, mais aussi lorsque quelqu’un a copié ces données.`,
      ],
      advice: [
        'Si vous venez de restaurer un appareil, il suffit de vous reconnecter.',
        'Sinon, choisissez un nouveau mot de passe et déconnectez tous vos appareils.',
      ],
    }),
    wrongPasswords: ({ service, attempts }) => ({
      subject: `${service} : nombreux mots de passe erronés`,
      opening: [
        `Des mots de passe erronés ont été saisis pour votre compte ${service}. Tentatives consécutives : ${attempts}. Aucune n’a abouti, et un délai d’attente s’applique désormais aux suivantes.`,
      ],
      advice: [
        'Si c’était vous et que vous avez oublié votre mot de passe, demandez-en un nouveau.',
        'Si ce n’était pas vous, assurez-vous de n’utiliser ce mot de passe nulle part ailleurs. Un mot de passe long ne peut pas être deviné de cette façon.',
      ],
    }),
  },
}
