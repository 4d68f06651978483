import type { MatchedCode } from '../codes/code-store.ts'
import type { Result } from '../result.ts'
import type { Account } from './account.ts'

/** The code was used, renewed or exhausted since it matched, or what it was bound to is no longer so. */
type CodeEnded = { readonly reason: 'wrong_code' }

type ConfirmedAccountFailure = CodeEnded | { readonly reason: 'username_taken' | 'address_taken' }

/** `changed_meanwhile`: the account no longer has the identifiers as given; another try may succeed. */
type ConfirmedAddressFailure = CodeEnded | { readonly reason: 'address_taken' | 'changed_meanwhile' }

/**
 * What a code of a mail confirms. Each is one transaction that also consumes the code: of several with the same code one
 * succeeds, and where it fails the code is as good as before.
 */
export type ConfirmationStore = {
  /** Creates an account with its verified address and the password of the registration. */
  readonly confirmAccount: (
    account: Account,
    code: MatchedCode<'register'>,
  ) => Promise<Result<void, ConfirmedAccountFailure>>
  /**
   * Sets the password and raises the epoch, if that is still as it was when the code was first mailed: whatever ended the
   * account's sessions since, has ended the recovery too. Also fails for a disabled account, and for one that no longer
   * has the address that the code went to.
   */
  readonly confirmPassword: (passwordHash: string, code: MatchedCode<'recover'>) => Promise<Result<void, CodeEnded>>
  /**
   * Makes the address of the code the verified address of the account, in the place of the one before. The epoch must be
   * that of the request, and stays. The changed account.
   */
  readonly confirmAddress: (
    account: Account,
    code: MatchedCode<'email'>,
  ) => Promise<Result<Account, ConfirmedAddressFailure>>
}
