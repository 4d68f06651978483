/** A table as the template describes it, names as CloudFormation spells them. */
export type LocalTable = {
  readonly name: string
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[]
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[]
}
