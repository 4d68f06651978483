import { admin } from './admin/command.ts'
import { cost } from './cost/command.ts'
import { invoke } from './invoke-command.ts'
import type { Command } from './line/command.ts'
import { start } from './start-command.ts'

export const commands: readonly Command[] = [start, invoke, admin, cost]
