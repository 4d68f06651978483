#!/usr/bin/env node
'use strict'
// The start of the command. Written so that any Node reads it: an old one must be able to say what is wrong.
var existsSync = require('fs').existsSync

// In a clone the command is TypeScript, which this Node must read as it is.
var isClone = existsSync(__dirname + '/main.ts')
var needed = isClone ? [24, 7] : [20, 12]
var found = process.versions.node.split('.').map(Number)

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    'latchkey needs Node.js ' + needed.join('.') + ' or later; this is ' + process.versions.node + '.\n',
  )
  process.exitCode = 1
} else {
  import(isClone ? './main.ts' : './main.js').catch((error) => {
    process.stderr.write(String(error && error.stack) + '\n')
    process.exitCode = 1
  })
}
