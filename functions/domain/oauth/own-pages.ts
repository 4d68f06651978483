/** Pages on which people see and change their account. Who is not signed in comes to them through a flow of our own. */
export type OwnPage = '/account' | '/account/password' | '/account/email' | '/account/factors'

/** The page of a path; undefined for any other path, so that nobody is led elsewhere. */
export const ownPageOf = (path: string): OwnPage | undefined => ownPages.find((page) => page === path)

const ownPages: readonly OwnPage[] = ['/account', '/account/password', '/account/email', '/account/factors']
