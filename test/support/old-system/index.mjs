// A user migration trigger as it was written for a user pool. Names say what it does.
const password = 'the password of the old system'
const people = { 'kim@old.example': password, kim: password, 'forgetful-4': password }

const recover = (event) => {
  const { userName } = event
  const [name] = userName.split('@')
  if (name.startsWith('forgetful')) {
    const userAttributes = { email: `${name}@old.example`, email_verified: 'true' }
    return { ...event, response: { ...event.response, userAttributes, finalUserStatus: 'RESET_REQUIRED' } }
  }
  if (name === 'unverified') {
    const userAttributes = { email: userName, email_verified: 'false' }
    return { ...event, response: { ...event.response, userAttributes } }
  }
  throw new Error('Unknown')
}

export const handler = async (event) => {
  if (event.triggerSource === 'UserMigration_ForgotPassword') {
    if (event.userName.startsWith('broken')) process.exit(1)
    return recover(event)
  }
  if (event.triggerSource !== 'UserMigration_Authentication') return event
  const { userName, request } = event
  if (userName === 'slow') await new Promise((resolve) => setTimeout(resolve, 60_000))
  if (userName === 'crash') process.exit(1)
  if (userName === 'nonsense') return 'nonsense'
  if (userName === 'unchanged') return event
  const attributes = {
    other: { username: 'somebody-else' },
    reset: { username: 'reset' },
  }
  if (attributes[userName]) {
    const finalUserStatus = userName === 'reset' ? 'RESET_REQUIRED' : 'CONFIRMED'
    return { ...event, response: { ...event.response, userAttributes: attributes[userName], finalUserStatus } }
  }
  if (people[userName] !== request.password) throw new Error('Bad password')
  return {
    ...event,
    response: {
      ...event.response,
      userAttributes: { email: 'Kim@Old.example', email_verified: 'true' },
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
    },
  }
}
