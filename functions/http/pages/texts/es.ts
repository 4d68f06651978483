import type { Texts } from './texts.ts'

/** Spanish. */
export const es: Texts = {
  language: 'es',
  signIn: 'Iniciar sesión',
  toContinueTo: (client) => `para continuar en ${client}`,
  username: 'Nombre de usuario o correo electrónico',
  password: 'Contraseña',
  usePasskey: 'Iniciar sesión con una llave de acceso',
  wrongCredentials: 'El nombre de usuario o la contraseña no son correctos.',
  tooManyAttempts: (seconds) =>
    seconds < 90
      ? `Demasiados intentos. Inténtelo de nuevo dentro de ${seconds} ${seconds === 1 ? 'segundo' : 'segundos'}.`
      : `Demasiados intentos. Inténtelo de nuevo dentro de ${Math.ceil(seconds / 60)} minutos.`,
  secondFactor: 'Un paso más',
  totp: 'Código de su aplicación de autenticación',
  recoveryCode: 'Código de recuperación',
  emailCode: 'Código del correo que le acabamos de enviar',
  confirm: 'Confirmar',
  usePasskeyNow: 'Usar una llave de acceso',
  useRecoveryCode: 'Usar un código de recuperación',
  wrongCode: 'Ese código no es correcto, o ya se ha usado.',
  stepOver: 'Ha pasado demasiado tiempo, o demasiados códigos no eran correctos. Inicie sesión de nuevo.',
  wrongPasskey: 'No ha funcionado. Inténtelo de nuevo.',
  needsScript: 'Las llaves de acceso necesitan JavaScript, que está desactivado en este navegador.',
  mustEnrol: 'Primero necesita un segundo factor',
  mustEnrolText:
    'Este servicio pide un segundo factor, y su cuenta todavía no tiene ninguno. Configure uno y después inicie sesión de nuevo.',
  consent: (client) => `¿Permitir que ${client} use su cuenta?`,
  consentText: (client, username) => `Ha iniciado sesión como ${username}. Si lo permite, ${client} recibe:`,
  consentNothing: (client, username) =>
    `Ha iniciado sesión como ${username}. Si lo permite, ${client} sabrá que tiene una cuenta aquí.`,
  consentLocal: (host) =>
    `Va a continuar en ${host}. Permítalo solo si acaba de abrir esta aplicación usted mismo: cualquier aplicación podría usar este nombre.`,
  consentTo: (host) => `Va a continuar en ${host}.`,
  scopeOpenid: 'un identificador de su cuenta',
  scopeProfile: 'su nombre',
  scopeEmail: 'su dirección de correo electrónico',
  scopeOffline: 'acceso mientras usted no está, hasta que lo retire',
  scopeOther: (scope) => `«${scope}»`,
  allow: 'Permitir',
  deny: 'No permitir',
  notYou: '¿No es usted? Iniciar sesión con otra cuenta',
  signOut: 'Cerrar sesión',
  signOutText: '¿Quiere cerrar la sesión en este navegador?',
  signedOut: 'Ha cerrado la sesión',
  signedOutText: 'Puede cerrar esta página.',
  goOn: 'Continuar',
  expired: 'Esta página es demasiado antigua',
  expiredText: 'Vuelva a la aplicación e inicie sesión de nuevo.',
  badRequest: 'Este inicio de sesión no puede empezar',
  badRequestText:
    'La aplicación ha enviado una solicitud incompleta o incorrecta. Vuelva atrás e inténtelo de nuevo; si vuelve a ocurrir, avise a sus desarrolladores.',
  badClient: 'Este servicio no conoce la aplicación.',
  badRedirect: 'La aplicación ha pedido la respuesta en una dirección que no está registrada para ella.',
  crossSite: 'Este formulario no procede de nuestra página',
  fault: 'Algo ha fallado por nuestra parte',
  unavailable: 'El servicio no está disponible en este momento',
  tryAgain: 'Inténtelo de nuevo dentro de un momento.',
  noScript: 'Pulse el botón para continuar.',
  yourAccount: 'Su cuenta',
  keepSignedIn: 'Mantener la sesión iniciada en este dispositivo',
}
