/** What became of a notice to the owner of an account: it is empty where the notice was handed over. */
export type Told = { readonly notice?: 'lost' }
