// A custom message trigger as it was written for a user pool. The local part of the address says what it does.
export const handler = async (event) => {
  const { triggerSource, request } = event
  const { email, locale } = request.userAttributes
  const [wish] = email.split('@')
  if (wish === 'slow') await new Promise((resolve) => setTimeout(resolve, 60_000))
  if (wish === 'throws') throw new Error('No texts today')
  if (wish === 'crash') process.exit(1)
  if (wish === 'unchanged') return event
  event.response.emailSubject = `${triggerSource} in ${locale}`
  event.response.emailMessage =
    wish === 'forgetful' ? '<p>No code here.</p>' : `<p>Dear ${email},</p><p>type <b>${request.codeParameter}</b>.</p>`
  return event
}
