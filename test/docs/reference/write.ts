import {
  type ClassDeclaration,
  isClassDeclaration,
  isConstructorDeclaration,
  isIntersectionTypeNode,
  isMethodDeclaration,
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isTypeLiteralNode,
  isTypeReferenceNode,
  type Node,
  type ParameterDeclaration,
  type TypeAliasDeclaration,
  type TypeNode,
} from 'typescript/unstable/ast'
import { listItem } from '../tables/blocks.ts'
import { type Declaration, type Exports, withExports } from './declarations.ts'
import { readTsdoc, type Tsdoc } from './tsdoc.ts'

/** A property, a method or an option, as the page shows it. */
type Member = { readonly name: string; readonly signature: string; readonly doc: Tsdoc | undefined }

// What people begin with, and what they get from it without its being exported.
const first = ['TokenAuth', 'TokenAuthProps']
const others = ['MailSender']

/** The reference page: all that the package exports, from the doc comments. */
export function writeReference(): string {
  return withExports((exports) => {
    const rest = exports.names.filter((name) => !first.includes(name)).toSorted()
    return [...first, ...rest, ...others].map((name) => sectionOf(name, exports)).join('\n\n')
  })
}

function sectionOf(name: string, exports: Exports): string {
  const declaration = exports.declarations.get(name)
  if (!declaration) throw new Error(`${name} is exported, but not declared in infra/construct.`)
  const { own, bases } = isClassDeclaration(declaration)
    ? membersOfClass(declaration, exports)
    : membersOfType(declaration)
  const more = bases.map((base) => `and all of [${base}](#${base.toLowerCase()})`)
  const about = [docOf(declaration)?.text, more.length > 0 && `It has what follows, ${more.join(', ')}.`]
  return [`## ${name}`, ...about.filter(Boolean), own.map((member) => itemOf(name, member)).join('\n')].join('\n\n')
}

function itemOf(owner: string, { name, signature, doc }: Member): string {
  if (!doc?.text) throw new Error(`${owner}.${name} is public and has no doc comment.`)
  const given = doc.default === undefined ? '' : ` Default: ${withStop(doc.default)}`
  const thrown = doc.throws === undefined ? '' : ` Throws ${withStop(doc.throws.replace(/^Error /, ''))}`
  return listItem(`**\`${signature}\`** ${withStop(doc.text)}${given}${thrown}`)
}

const withStop = (text: string): string => (text.endsWith('.') ? text : `${text}.`)

type Members = { readonly own: readonly Member[]; readonly bases: readonly string[] }

/** With those of bases that are not exported themselves. */
function membersOfClass(declaration: ClassDeclaration, exports: Exports): Members {
  const base = baseOf(declaration)
  const inherited = base === undefined ? undefined : exports.declarations.get(base)
  const mine = [...declaration.members].filter(isPublic).flatMap((node) => memberOf(node, declaration) ?? [])
  if (!inherited || !isClassDeclaration(inherited)) return { own: mine, bases: [] }
  const { own, bases } = membersOfClass(inherited, exports)
  // What implements a member of its base is described there.
  const described = mine.filter(({ doc, name }) => doc || !hasMember(inherited, name, exports))
  if (base !== undefined && exports.names.includes(base)) return { own: described, bases: [base] }
  return { own: [...described, ...own], bases }
}

function hasMember(declaration: ClassDeclaration, name: string, exports: Exports): boolean {
  const base = exports.declarations.get(baseOf(declaration) ?? '')
  const isHere = [...declaration.members].some((node) => nameOf(node) === name)
  return isHere || (base !== undefined && isClassDeclaration(base) && hasMember(base, name, exports))
}

const baseOf = ({ heritageClauses }: ClassDeclaration): string | undefined =>
  [...(heritageClauses ?? [])].flatMap(({ types }) => [...types])[0]?.expression.getText()

function membersOfType({ type, name }: TypeAliasDeclaration): Members {
  const parts: readonly TypeNode[] = isIntersectionTypeNode(type) ? [...type.types] : [type]
  const own = parts.flatMap((part) =>
    isTypeLiteralNode(part) ? [...part.members].flatMap((node) => memberOf(node, name) ?? []) : [],
  )
  return { own, bases: parts.flatMap((part) => (isTypeReferenceNode(part) ? part.typeName.getText() : [])) }
}

const isPublic = (node: Node): boolean => !/^(?:private|protected)\b/.test(node.getText()) && !docOf(node)?.isInternal

function memberOf(node: Node, owner: Declaration | Node): Member | undefined {
  const doc = docOf(node)
  if (isConstructorDeclaration(node)) return undefined
  if (isMethodDeclaration(node)) {
    const name = node.name.getText()
    const scope = /^(?:\w+ )*?static\b/.test(node.getText()) ? `${nameOf(owner)}.` : ''
    const parameters = [...node.parameters].map(parameterOf).join(', ')
    return { name, signature: `${scope}${name}(${parameters}): ${flat(node.type)}`, doc }
  }
  if (!isPropertyDeclaration(node) && !isPropertySignatureDeclaration(node)) return undefined
  const name = node.name.getText()
  const type = flat(node.type)
  const isOption = node.postfixToken?.getText() === '?'
  return { name, signature: isOption ? `${name}?: ${type.replace(/ \| undefined$/, '')}` : `${name}: ${type}`, doc }
}

// A default in the code makes a parameter optional.
const parameterOf = (node: ParameterDeclaration): string =>
  `${/^\w+$/.test(flat(node.name)) ? flat(node.name) : 'options'}${isOptional(node) ? '?' : ''}: ${flat(node.type)}`

const isOptional = ({ questionToken, initializer }: ParameterDeclaration): boolean =>
  questionToken !== undefined || initializer !== undefined

const nameOf = (node: Node): string => ('name' in node ? flat(node.name as Node) : flat(node))

const flat = (node: Node | undefined): string => node?.getText().replaceAll(/\s+/g, ' ') ?? 'void'

const docOf = (node: Node): Tsdoc | undefined => {
  const comment = 'jsDoc' in node ? (node.jsDoc as readonly Node[] | undefined)?.at(-1)?.getText() : undefined
  return comment === undefined ? undefined : readTsdoc(comment)
}
