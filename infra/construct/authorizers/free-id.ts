import type { IConstruct } from 'constructs'

/** What an API calls an authorizer: two that stand beside each other in it are told apart by whose they are. */
export const freeId = (api: IConstruct, owner: IConstruct, id: string): string =>
  api.node.tryFindChild(id) ? `${owner.node.id}${id}` : id
