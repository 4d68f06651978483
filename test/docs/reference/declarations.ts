import { join } from 'node:path'
import {
  type ClassDeclaration,
  isClassDeclaration,
  isExportDeclaration,
  isNamedExports,
  isTypeAliasDeclaration,
  type Node,
  type TypeAliasDeclaration,
} from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

/** A class or a type of the construct. */
export type Declaration = ClassDeclaration | TypeAliasDeclaration

/** What the package exports, in the order of its index, and the declarations of all that is exported by any file. */
export type Exports = {
  readonly names: readonly string[]
  readonly declarations: ReadonlyMap<string, Declaration>
}

/** Reads the construct's files without checking them, and gives what `use` makes of it while they are open. */
export function withExports<T>(use: (exports: Exports) => T): T {
  const api = new API()
  try {
    const snapshot = api.updateSnapshot({ openProject: join(import.meta.dirname, 'tsconfig.json') })
    const program = snapshot.getProjects()[0]?.program
    const files = program?.getSourceFileNames().flatMap((name) => program.getSourceFile(name) ?? []) ?? []
    const statements = files.flatMap((file) => [...file.statements] as Node[])
    const declared = statements.filter((node) => isClassDeclaration(node) || isTypeAliasDeclaration(node))
    const index = files.find(({ fileName }) => fileName.endsWith('/infra/index.ts'))
    const exported = [...(index?.statements ?? [])].flatMap((node) =>
      isExportDeclaration(node) && node.exportClause && isNamedExports(node.exportClause)
        ? [...node.exportClause.elements].map(({ name }) => name.text)
        : [],
    )
    return use({ names: exported, declarations: new Map(declared.map((node) => [node.name?.text ?? '', node])) })
  } finally {
    api.close()
  }
}
