// A pre-token-generation trigger as it was written for a user pool. The user's name says what it does.
const large = 'x'.repeat(3000)

const accessTokens = {
  reserved: { claimsToAddOrOverride: { sub: 'somebody-else', tenant: 't' } },
  admin: { claimsToAddOrOverride: { groups: ['admin'] } },
  large: { claimsToAddOrOverride: { large } },
  wider: { scopesToAdd: ['everything'] },
  narrow: { claimsToAddOrOverride: { tenant: 't-narrow' }, scopesToSuppress: ['orders:write'] },
}

export const handler = async (event) => {
  const { userName, triggerSource, request, version } = event
  const [wish] = userName.split('-')
  if (wish === 'slow') await new Promise((resolve) => setTimeout(resolve, 60_000))
  if (wish === 'throws') throw new Error(`No claims for ${request.userAttributes.sub} today`)
  if (wish === 'crash') process.exit(1)
  if (wish === 'nonsense') return 'nonsense'
  if (wish === 'nothing') return null
  if (wish === 'unchanged') return event
  const told = {
    tenant: `t-${userName}`,
    source: triggerSource,
    version,
    groups_told: request.groupConfiguration.groupsToOverride,
  }
  const accessTokenGeneration = accessTokens[wish] ?? { claimsToAddOrOverride: told }
  event.response.claimsAndScopeOverrideDetails = {
    idTokenGeneration: { claimsToAddOrOverride: { family_name: 'Doe' } },
    accessTokenGeneration,
  }
  return event
}
