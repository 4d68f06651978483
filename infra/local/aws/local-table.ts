/** A table as the template describes it, its parts named as in CloudFormation. */
export type LocalTable = {
  readonly name: string
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[]
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[]
}

const keySchemaOf = (tables: readonly LocalTable[], name: unknown): LocalTable['keySchema'] =>
  tables.find((table) => table.name === name)?.keySchema ?? []

/** The name of the table's partition key; empty for an unknown table. */
export const partitionKeyOf = (tables: readonly LocalTable[], tableName: unknown): string =>
  keySchemaOf(tables, tableName).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? ''

/** The key of the item that a write touches: its `Key`, or that of its `Item`. */
export function keyOf(parameters: Readonly<Record<string, unknown>>, tables: readonly LocalTable[]): unknown {
  const { TableName, Key, Item } = parameters
  const names = keySchemaOf(tables, TableName).map(({ AttributeName }) => AttributeName)
  return Key ?? Object.fromEntries(names.map((name) => [name, Object(Item)[name]]))
}
