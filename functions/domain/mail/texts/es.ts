import type { Factor, MailTexts } from '../mail.ts'

const factors: { readonly [Name in Factor]: string } = {
  totp: 'aplicación de autenticación',
  passkey: 'llave de acceso (passkey)',
  recovery_codes: 'códigos de recuperación',
}

const wasYou = 'Si ha sido usted, no tiene que hacer nada.'

const wasNotYou = (service: string) =>
  `Si no ha sido usted, es posible que otra persona tenga acceso a su cuenta: elija de inmediato una contraseña nueva, cierre la sesión en todos los dispositivos y póngase en contacto con ${service}.`

export const spanish: MailTexts = {
  language: 'es',
  colon: ':',
  labels: { service: 'Servicio', account: 'Cuenta', time: 'Fecha y hora', source: 'Dirección IP' },
  aboutCode: (service, minutes) =>
    `El código es válido durante ${minutes} minutos desde la solicitud. Nadie de ${service} se lo pedirá nunca: no lo comparta con nadie ni lo introduzca en ningún otro sitio.`,
  footer: (service) => `${service} ha enviado este mensaje de forma automática.`,
  mails: {
    registrationCode: ({ service }) => ({
      subject: `${service}: confirme su correo electrónico`,
      opening: [
        `Alguien, probablemente usted, se está registrando en ${service} con esta dirección de correo electrónico. Para confirmarla, introduzca este código donde se ha registrado:`,
      ],
      advice: ['Si no ha sido usted, ignore este mensaje: sin el código no se creará ninguna cuenta.'],
    }),
    addressInUse: ({ service }) => ({
      subject: `${service}: alguien ha intentado usar su correo electrónico`,
      opening: [
        `Alguien ha intentado registrarse en ${service} con esta dirección de correo electrónico o añadirla a otra cuenta. La dirección ya pertenece a su cuenta, así que no ha cambiado nada.`,
      ],
      advice: [
        'Si ha sido usted, inicie sesión con la cuenta que ya tiene. Si ha olvidado la contraseña, solicite una nueva.',
        'Si no ha sido usted, no tiene que hacer nada.',
      ],
    }),
    recoveryCode: ({ service }) => ({
      subject: `${service}: su código para una contraseña nueva`,
      opening: [
        `Se ha solicitado una contraseña nueva para su cuenta de ${service}. Para elegirla, introduzca este código donde se ha solicitado:`,
      ],
      advice: ['Si no ha sido usted, ignore este mensaje: su contraseña no cambiará.'],
    }),
    enrolmentCode: ({ service }) => ({
      subject: `${service}: su código para configurar un segundo factor`,
      opening: [
        `Alguien, probablemente usted, ha iniciado sesión en su cuenta de ${service} con su contraseña y va a configurar un segundo factor. Para continuar, introduzca este código donde está iniciando sesión:`,
      ],
      advice: [
        'Si no ha sido usted, alguien conoce su contraseña: elija otra de inmediato. Sin el código no se configurará nada.',
      ],
    }),
    addressCode: ({ service }) => ({
      subject: `${service}: confirme su nuevo correo electrónico`,
      opening: [
        `Alguien, probablemente usted, quiere usar esta dirección de correo electrónico para una cuenta de ${service}. Para confirmarla, introduzca este código donde ha hecho el cambio:`,
      ],
      advice: ['Si no ha sido usted, ignore este mensaje: sin el código no cambiará nada.'],
    }),
    passwordChanged: ({ service }) => ({
      subject: `${service}: se ha cambiado su contraseña`,
      opening: [
        `Se ha cambiado la contraseña de su cuenta de ${service}. Se ha cerrado la sesión en los demás dispositivos.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    addressChanged: ({ service }) => ({
      subject: `${service}: se ha cambiado su correo electrónico`,
      opening: [
        `Se ha cambiado la dirección de correo electrónico de su cuenta de ${service}. Este mensaje se envía a la dirección anterior y a la nueva.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorAdded: ({ service, factor }) => ({
      subject: `${service}: se ha añadido un método de inicio de sesión`,
      opening: [`Se ha añadido un método de inicio de sesión a su cuenta de ${service}: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorRemoved: ({ service, factor }) => ({
      subject: `${service}: se ha eliminado un método de inicio de sesión`,
      opening: [`Se ha eliminado un método de inicio de sesión de su cuenta de ${service}: ${factors[factor]}.`],
      advice: [wasYou, wasNotYou(service)],
    }),
    factorsReset: ({ service }) => ({
      subject: `${service}: se han restablecido sus segundos factores`,
      opening: [`Un administrador ha eliminado todos los segundos factores de su cuenta de ${service}.`],
      advice: ['Si usted lo ha pedido, configure un segundo factor nuevo lo antes posible.', wasNotYou(service)],
    }),
    recoveryCodeUsed: ({ service, left }) => ({
      subject: `${service}: se ha usado un código de recuperación`,
      opening: [
        `Se ha usado un código de recuperación para iniciar sesión en su cuenta de ${service}. Códigos restantes: ${left}.`,
      ],
      advice: [wasYou, wasNotYou(service)],
    }),
    sessionEndedAsReused: ({ service }) => ({
      subject: `${service}: se ha cerrado la sesión en un dispositivo`,
      opening: [
        `Se ha cerrado la sesión de su cuenta de ${service} en un dispositivo porque se ha usado una copia antigua de sus datos de inicio de sesión. Esto ocurre cuando un dispositivo se restaura desde una copia de seguridad, pero también cuando alguien ha copiado esos datos.`,
      ],
      advice: [
        'Si acaba de restaurar un dispositivo, vuelva a iniciar sesión.',
        'Si no es así, elija una contraseña nueva y cierre la sesión en todos los dispositivos.',
      ],
    }),
    wrongPasswords: ({ service, attempts }) => ({
      subject: `${service}: muchas contraseñas incorrectas`,
      opening: [
        `Se han introducido contraseñas incorrectas para su cuenta de ${service}. Intentos seguidos: ${attempts}. Ninguno ha tenido éxito, y para los siguientes hay que esperar.`,
      ],
      advice: [
        'Si ha sido usted y ha olvidado la contraseña, solicite una nueva.',
        'Si no ha sido usted, asegúrese de no usar esa contraseña en ningún otro sitio. Una contraseña larga no se puede adivinar de esta forma.',
      ],
    }),
  },
}
