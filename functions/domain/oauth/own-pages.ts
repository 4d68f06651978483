/** Pages on which people see and change their account. Who is not signed in comes to them through a flow of our own. */
export type OwnPage = '/account' | '/account/password' | '/account/email' | '/account/factors'

/** The pages that there are: one needs mail, one second factors. */
export const ownPagesWith = ({ mail, factors }: Record<'mail' | 'factors', boolean>): readonly OwnPage[] => [
  ...(['/account', '/account/password'] as const),
  ...(mail ? (['/account/email'] as const) : []),
  ...(factors ? (['/account/factors'] as const) : []),
]
