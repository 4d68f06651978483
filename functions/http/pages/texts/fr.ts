import type { Texts } from './texts.ts'

/** French. */
export const fr: Texts = {
  language: 'fr',
  signIn: 'Se connecter',
  toContinueTo: (client) => `pour continuer vers ${client}`,
  username: 'Nom d’utilisateur ou adresse e-mail',
  password: 'Mot de passe',
  usePasskey: 'Se connecter avec une clé d’accès',
  wrongCredentials: 'Nom d’utilisateur ou mot de passe incorrect.',
  tooManyAttempts: (seconds) =>
    seconds < 90
      ? `Trop d’essais. Réessayez dans ${seconds} ${seconds === 1 ? 'seconde' : 'secondes'}.`
      : `Trop d’essais. Réessayez dans ${Math.ceil(seconds / 60)} minutes.`,
  secondFactor: 'Encore une étape',
  totp: 'Code de votre application d’authentification',
  recoveryCode: 'Code de récupération',
  emailCode: 'Code de l’e-mail que nous venons de vous envoyer',
  confirm: 'Confirmer',
  usePasskeyNow: 'Utiliser une clé d’accès',
  useRecoveryCode: 'Utiliser plutôt un code de récupération',
  wrongCode: 'Ce code est incorrect, ou il a déjà été utilisé.',
  stepOver: 'Cela a pris trop de temps, ou trop de codes étaient incorrects. Connectez-vous de nouveau.',
  wrongPasskey: 'Cela n’a pas fonctionné. Réessayez.',
  needsScript: 'Les clés d’accès ont besoin de JavaScript, qui est désactivé dans ce navigateur.',
  mustEnrol: 'Il vous faut d’abord un second facteur',
  mustEnrolText:
    'Ce service demande un second facteur, et votre compte n’en a pas encore. Configurez-en un, puis connectez-vous de nouveau.',
  consent: (client) => `Autoriser ${client} à utiliser votre compte ?`,
  consentText: (client, username) =>
    `Vous êtes connecté en tant que ${username}. Si vous l’autorisez, ${client} obtient :`,
  consentNothing: (client, username) =>
    `Vous êtes connecté en tant que ${username}. Si vous l’autorisez, ${client} apprend que vous avez un compte ici.`,
  consentLocal: (host) =>
    `Vous continuez vers ${host}. Ne l’autorisez que si vous venez de lancer cette application vous-même : n’importe quelle application pourrait utiliser ce nom.`,
  consentTo: (host) => `Vous continuez vers ${host}.`,
  scopeOpenid: 'un identifiant de votre compte',
  scopeProfile: 'votre nom',
  scopeEmail: 'votre adresse e-mail',
  scopeOffline: 'un accès en votre absence, jusqu’à ce que vous le retiriez',
  scopeOther: (scope) => `« ${scope} »`,
  allow: 'Autoriser',
  deny: 'Ne pas autoriser',
  notYou: 'Ce n’est pas vous ? Se connecter avec un autre compte',
  signOut: 'Se déconnecter',
  signOutText: 'Voulez-vous vous déconnecter de ce navigateur ?',
  signedOut: 'Vous êtes déconnecté',
  signedOutText: 'Vous pouvez fermer cette page.',
  goOn: 'Continuer',
  expired: 'Cette page est trop ancienne',
  expiredText: 'Retournez à l’application et connectez-vous de nouveau.',
  badRequest: 'Cette connexion ne peut pas commencer',
  badRequestText:
    'L’application a envoyé une demande incomplète ou incorrecte. Revenez en arrière et réessayez ; si cela se reproduit, prévenez ses développeurs.',
  badClient: 'Ce service ne connaît pas l’application.',
  badRedirect: 'L’application a demandé une réponse à une adresse qui n’est pas enregistrée pour elle.',
  crossSite: 'Ce formulaire ne vient pas de notre page',
  fault: 'Une erreur s’est produite de notre côté',
  unavailable: 'Le service n’est pas disponible pour le moment',
  tryAgain: 'Réessayez dans un instant.',
  noScript: 'Appuyez sur le bouton pour continuer.',
  yourAccount: 'Votre compte',
  keepSignedIn: 'Rester connecté sur cet appareil',
}
